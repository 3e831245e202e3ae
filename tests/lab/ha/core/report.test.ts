import { managerStatusReport, statusEntries, statusText } from "../../../../lab/ha/core/report";
import { execute } from "./support/commands";
import { SimulatedSite } from "./support/site";
import type { SiteSpec } from "./support/siteSpec";
import { StepClock } from "./support/stepClock";

const SPEC: SiteSpec = {
  timing: "simulator",
  nodes: ["node1", "node2", "node3"],
  resources: {
    "vm:101": { node: "node1" },
    "vm:102": { node: "node2", state: "disabled" },
    "ct:103": { node: "node2", state: "ignored" },
  },
};

function running(spec: SiteSpec): { clock: StepClock; site: SimulatedSite } {
  const clock = new StepClock();
  const site = new SimulatedSite(spec, clock, () => undefined);
  for (const node of spec.nodes) execute(site, `power ${node} on`);
  clock.advance(70_000);
  return { clock, site };
}

function source(site: SimulatedSite, clock: StepClock): Parameters<typeof statusText>[0] {
  return {
    node: "node2",
    quorate: site.cluster.isQuorate("node2"),
    release: 9,
    now: Math.floor(clock.now() / 1000),
    files: site.files.read("node2"),
    resources: site.config.resources("node2"),
    settings: site.config.settings("node2"),
  };
}

describe("ha-manager status", () => {
  it("names quorum, master, watchdogs, LRMs and services as PVE does", () => {
    const { site, clock } = running(SPEC);
    expect(statusText(source(site, clock))).toBe(
      [
        "quorum OK",
        "master node1 (active, Thu Jan  1 00:01:00 2026)",
        "fencing armed (CRM watchdog active)",
        "lrm node1 (active, watchdog active, Thu Jan  1 00:01:01 2026)",
        "lrm node2 (active, watchdog active, Thu Jan  1 00:01:03 2026)",
        "lrm node3 (idle, watchdog standby, Thu Jan  1 00:01:05 2026)",
        "service vm:101 (node1, started)",
        "service vm:102 (node2, disabled)",
        "service ct:103 (node2, ignored)",
        "",
      ].join("\n"),
    );
  });

  it("says what is on its way and what nobody has taken up yet", () => {
    const { site, clock } = running(SPEC);
    execute(site, "request vm:101 stopped");
    execute(site, "request vm:102 started");
    execute(site, "add vm:104 node3");
    const states = statusEntries(source(site, clock)).flatMap(({ sid, state }) =>
      sid ? [`${sid} ${state}`] : [],
    );
    expect(states).toEqual([
      "vm:101 stopping",
      "vm:102 starting",
      "ct:103 ignored",
      "vm:104 queued",
    ]);
  });

  it("knows a node that has been silent, and one without quorum", () => {
    const { site, clock } = running(SPEC);
    for (const node of ["node1", "node3"]) execute(site, `power ${node} off`);
    clock.advance(50_000);
    const [quorum, master, , lrm] = statusText(source(site, clock)).split("\n");
    expect(quorum).toBe("quorum No quorum on node 'node2'!");
    expect(master).toContain("node1 (old timestamp - dead?, ");
    expect(lrm).toContain("node1 (old timestamp - dead?, watchdog standby, ");
  });

  it("tells disarming, with the mode for resources", () => {
    const { site, clock } = running(SPEC);
    execute(site, "crm-command disarm-ha ignore");
    clock.advance(60_000);
    const entries = statusEntries(source(site, clock));
    expect(entries.find(({ type }) => type === "fencing")).toMatchObject({
      status: "disarmed, resource mode: ignore (CRM watchdog released)",
      "armed-state": "disarmed",
      resource_mode: "ignore",
    });
    expect(entries.find(({ id }) => id === "service:vm:101")?.status).toBe(
      "vm:101 (node1, ignore)",
    );
    expect(entries.find(({ id }) => id === "lrm:node1")?.status).toContain(
      "node1 (disarm mode, watchdog released, ",
    );
  });
});

describe("the manager's full status", () => {
  it("is plain data with the status of every LRM", () => {
    const { site, clock } = running(SPEC);
    const report = managerStatusReport(source(site, clock));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.manager_status.service_status["vm:101"]).toMatchObject({
      state: "started",
      node: "node1",
      running: 1,
    });
    expect(Object.keys(report.lrm_status)).toEqual(["node1", "node2", "node3"]);
    expect(report.lrm_status.node1).toMatchObject({ state: "active", mode: "active" });
  });
});

describe("a restart of the lab", () => {
  it("leaves the daemons where they were", () => {
    const { site, clock } = running(SPEC);
    const before = structuredClone(site.stack.memory);
    site.restartLab();
    expect(site.stack.memory).toEqual(before);
    clock.advance(300_000);
    expect(site.guests.nodesOf("vm:101")).toEqual(["node1"]);
    expect(site.stack.memory.nodes.node1?.crm?.state).toBe("master");
  });

  it("does not save a node whose watchdog has run out", () => {
    const { site, clock } = running({ ...SPEC, timing: "cluster" });
    clock.advance(60_000);
    execute(site, "network node1 off");
    const expired = (): boolean => site.stack.memory.nodes.node1?.watchdog.expiredAt !== undefined;
    for (let second = 0; second < 70 && !expired(); second++) clock.advance(1000);
    expect(expired()).toBe(true);
    site.restartLab();
    clock.advance(11_000);
    expect(site.cables.powered.has("node1")).toBe(false);
  });
});
