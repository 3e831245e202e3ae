import { Sandbox, UP } from "./support/sandbox";
import { succeeded } from "./support/succeeded";
import { until } from "./support/wait";

/** The loss of a node as an operator lives through it: real time, the real CLI, the lab's HA manager. */
const sandbox = new Sandbox("failover");
const { lab } = sandbox;
const services = (node: string): string => lab.ssh(node, "ha-manager status");

beforeAll(() => {
  sandbox.labCommand("start");
});
afterAll(() => sandbox.dispose());

describe("a node that loses its power", () => {
  beforeAll(async () => {
    succeeded(sandbox.make(...UP));
    await until("HA has started both VMs", 90, () =>
      /service vm:100 \(pve02, started\)/.test(services("pve01")) ? true : undefined,
    );
    sandbox.labCommand("power", "pve02", "off");
  });

  it("is fenced, and its HA guests start on the survivor", async () => {
    await until("win2016 runs on pve01", 280, () =>
      /service vm:100 \(pve01, started\)/.test(services("pve01")) ? true : undefined,
    );
    const { data } = await lab.api("pve01", "GET", "/nodes/pve01/qemu/100/status/current");
    expect(data).toMatchObject({ status: "running" });
    expect(services("pve01")).toMatch(/service vm:101 \(pve01, started\)/);
  });

  it("leaves nothing to change for Pulumi, wherever the guests run now", () => {
    const text = succeeded(sandbox.pulumi("preview", "--expect-no-changes"));
    expect(text).toContain("web (VMID 102) is left out of this run.");
    expect(text).not.toContain("win2016 (VMID 100) is left out");
  });

  it("gets its guests back when it returns, and again there is nothing to change", async () => {
    sandbox.labCommand("power", "pve02", "on");
    // The master keeps the lock of the node that it fenced for two minutes, and without it nothing moves there.
    await until("win2016 is back on pve02", 280, () =>
      /service vm:100 \(pve02, started\)/.test(services("pve01")) ? true : undefined,
    );
    await until("the container has started with its node", 60, async () => {
      const { data } = await lab.api("pve01", "GET", "/cluster/resources?type=vm");
      const web = (data as Record<string, unknown>[]).find(({ vmid }) => vmid === 102);
      return web?.status === "running" ? true : undefined;
    });
    const text = succeeded(sandbox.pulumi("preview", "--refresh", "--expect-no-changes"));
    expect(text).toMatch(/\d+ unchanged/);
  });
});
