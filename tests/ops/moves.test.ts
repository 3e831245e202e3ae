import { awaitMoves, dueIn, followMoves, movesIn, preferences } from "../../ops/moves";
import type { HaReport } from "../../toolchain/launcher/probe";
import { Project } from "../toolchain/launcher/support/project";
import { encoded, haStatus, report } from "../toolchain/launcher/support/reports";
import { checkpoint, dev, resource, type SiteNode, startNode } from "./support/site";

const RESOURCE = "proxmoxve:index/haresource:Haresource";
const managed = (more: Record<string, unknown> = {}) =>
  resource(RESOURCE, "win2016", { resourceId: "vm:100", ...more });
const rule = resource("proxmoxve:index/harule:Harule", "prefer-win2016", {
  ...{ rule: "prefer-win2016", type: "node-affinity", resources: ["vm:100"] },
  nodes: { pve01: 3, pve02: 2 },
});
const group = (noFailback: boolean) =>
  resource("proxmoxve:index/hagroup:Hagroup", "prefer-win2016", {
    ...{ group: "prefer-win2016", nodes: { pve01: 3, pve02: 2 }, noFailback },
  });

const at = (
  state: string,
  node: string,
  { target, nodes }: { target?: string; nodes?: Record<string, string> } = {},
): HaReport => ({
  nodes: { pve01: "online", pve02: "online", ...nodes },
  services: [{ sid: "vm:100", node, state, ...(target === undefined ? {} : { target }) }],
});

describe("a guest that HA moves", () => {
  it.each([
    ["migrate", "vm:100 from pve02 to pve01"],
    ["relocate", "vm:100 from pve02 to pve01"],
  ])("is one in state %s", (state, text) => {
    expect(movesIn(at(state, "pve02", { target: "pve01" }))).toEqual([text]);
  });

  it.each(["started", "stopped", "error", "freeze", "request_start"])(
    "is none in state %s",
    (state) => expect(movesIn(at(state, "pve02"))).toEqual([]),
  );
});

describe("a guest that HA is about to move", () => {
  const PREFERRED = [{ sid: "vm:100", nodes: { pve01: 3, pve02: 2 } }];

  it("runs where another node is preferred", () => {
    expect(dueIn(at("started", "pve02"), PREFERRED)).toEqual(["vm:100 from pve02 to pve01"]);
  });

  it("may have several nodes to go to", () => {
    const nodes = { pve01: 1, pve03: 1 };
    const there = at("started", "pve02", { nodes: { pve03: "online" } });
    expect(dueIn(there, [{ sid: "vm:100", nodes }])).toEqual([
      "vm:100 from pve02 to pve01 or pve03",
    ]);
  });

  it.each([
    ["is where it is to be", at("started", "pve01"), PREFERRED],
    ["is not running", at("stopped", "pve02"), PREFERRED],
    [
      "would go to a node in maintenance",
      at("started", "pve02", { nodes: { pve01: "maintenance" } }),
      PREFERRED,
    ],
    [
      "is on a node that is gone",
      at("started", "pve02", { nodes: { pve02: "unknown" } }),
      PREFERRED,
    ],
    [
      "is on one of two that are preferred alike",
      at("started", "pve02"),
      [{ sid: "vm:100", nodes: { pve01: 2, pve02: 2 } }],
    ],
    [
      "prefers nodes of which none is there",
      at("started", "pve02"),
      [{ sid: "vm:100", nodes: { pve09: 1 } }],
    ],
    ["is not under HA any more", { nodes: {}, services: [] }, PREFERRED],
  ])("is none that %s", (_, ha, wanted) => {
    expect(dueIn(ha, wanted)).toEqual([]);
  });
});

describe("where HA is to run a guest", () => {
  const WANTED = [{ sid: "vm:100", nodes: { pve01: 3, pve02: 2 } }];
  const together = resource("proxmoxve:index/harule:Harule", "group-a", {
    ...{ type: "resource-affinity", resources: ["vm:100", "vm:101"] },
  });

  it.each([
    ["a rule's nodes", [managed(), rule, together], WANTED],
    ["a group's nodes", [managed({ group: "prefer-win2016" }), group(false)], WANTED],
    ["nowhere if it stays where it is, by itself", [managed({ failback: false }), rule], []],
    ["nowhere if its group stays", [managed({ group: "prefer-win2016" }), group(true)], []],
    ["nowhere if it is in another group", [managed({ group: "other" }), group(false)], []],
  ])("is %s", (_, resources, wanted) => {
    expect(preferences(resources)).toEqual(wanted);
  });
});

describe("a run that changes guests", () => {
  let project: Project;
  let node: SiteNode;
  beforeEach(async () => {
    project = new Project();
    node = await startNode();
    project.lab({ pve01: node });
  });
  afterEach(async () => {
    await node.stop();
    project.dispose();
  });

  /** What it says while it waits; after the first words `then` is so. */
  async function begin(ha: HaReport, then: string, limits = {}) {
    const said: string[] = [];
    const say = (text: string) => {
      said.push(text);
      node.probe = report({ ha: then });
    };
    const guests = await awaitMoves(
      dev(project),
      { resources: [managed(), rule], guests: [], ha },
      { say, pauseMs: 10, ...limits },
    );
    return { said, at: guests.map(({ vmid, node: place }) => `${vmid} on ${place}`) };
  }

  it("begins at once where nothing moves", async () => {
    const settled = haStatus("started", "pve01");
    expect(await begin(at("started", "pve01"), settled)).toEqual({ said: [], at: [] });
  });

  it("waits for what is on its way, and takes the places of afterwards", async () => {
    expect(
      await begin(at("migrate", "pve02", { target: "pve01" }), haStatus("started", "pve01")),
    ).toEqual({
      said: ["waits for HA, which moves vm:100 from pve02 to pve01"],
      at: ["100 on pve02", "102 on pve01"],
    });
  });

  it("waits for what is due, but not for ever: HA may have a reason that we do not know", async () => {
    const still = haStatus("started", "pve02");
    expect(await begin(at("started", "pve02"), still, { dueMs: 100 })).toMatchObject({
      said: ["waits for HA, which moves vm:100 from pve02 to pve01"],
    });
  });

  it("tells the state where a container is that has moved", async () => {
    const web = {
      ...resource("proxmoxve:index/containerLegacy:ContainerLegacy", "web", { nodeName: "pve02" }),
      ...{ id: "102", outputs: { nodeName: "pve02" } },
    };
    project.answer({ "stack export": { stdout: JSON.stringify(checkpoint([web])) } });
    const mark = encoded(`Managed by Pulumi, stack dev: ${web.urn}`);
    const there = report({ details: `/etc/pve/nodes/pve01/lxc/102.conf:#${mark}\n` });
    await followMoves(
      dev(project),
      { resources: [web], guests: [], ha: at("migrate", "pve02", { target: "pve01" }) },
      { say: () => (node.probe = there), pauseMs: 10 },
    );
    const place = { inputs: { nodeName: "pve01" }, outputs: { nodeName: "pve01" } };
    expect(JSON.parse(project.read("tools/stdin"))).toEqual(checkpoint([{ ...web, ...place }]));
  });

  it("is refused when a guest is on its way for too long", async () => {
    await expect(
      begin(at("migrate", "pve02", { target: "pve01" }), haStatus("migrate", "pve02", "pve01"), {
        movingMs: 100,
      }),
    ).rejects.toThrow(/HA still moves vm:100 from pve02 to pve01\. Nothing has been changed/);
  });
});
