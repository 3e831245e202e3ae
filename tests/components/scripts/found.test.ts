import { Host } from "../support/host";
import { BEFORE, STEPS } from "../support/steps";

const hosts: Host[] = [];
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

const CLUSTER = "totem {\n  cluster_name: mizar\n}\nquorum {\n  provider: corosync_votequorum\n}\n";

function hostWith(state: Record<string, string>): Host {
  const host = new Host({ ...BEFORE.found, ...state });
  hosts.push(host);
  return host;
}

describe("the creation of a cluster", () => {
  it("that was cut short before corosync was started is finished", async () => {
    const host = hostWith({ "etc/pve/corosync.conf": CLUSTER });
    const { code, calls } = await host.run(STEPS.found);
    expect(code).toBe(0);
    const called = calls.map((call) => call.join(" "));
    expect(called).toContain("systemctl restart corosync pve-cluster");
    expect(called.at(-1)).toBe("pvecm updatecerts");
    expect(called.filter((call) => call.startsWith("pvecm create"))).toEqual([]);
  });

  it("that is done is looked at only", async () => {
    const host = hostWith({ "etc/pve/corosync.conf": CLUSTER, "state/services": "corosync\n" });
    const { code, calls } = await host.run(STEPS.found);
    expect(code).toBe(0);
    expect(calls.filter(([, verb]) => verb === "restart" || verb === "updatecerts")).toEqual([]);
  });

  it("tells where to look when corosync does not start", async () => {
    const host = hostWith({ "etc/pve/corosync.conf": CLUSTER });
    host.fail("systemctl", "restart");
    const { code, stderr } = await host.run(STEPS.found);
    expect(code).toBe(1);
    expect(stderr).toContain("failed: corosync and pve-cluster could not be started\n");
    expect(stderr).toContain("journalctl -u corosync -u pve-cluster");
  });

  it("stops where the node is in another cluster", async () => {
    const host = hostWith({ "etc/pve/corosync.conf": CLUSTER.replace("mizar", "alcor") });
    const { code, stderr } = await host.run(STEPS.found);
    expect(code).toBe(1);
    expect(stderr).toContain("this node is in cluster alcor, not in mizar");
  });
});
