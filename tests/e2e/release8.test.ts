import { beginOnRelease8, upgradeNode } from "./support/release8";
import { Sandbox, UP } from "./support/sandbox";
import { succeeded } from "./support/succeeded";
import { until } from "./support/wait";

const sandbox = new Sandbox("release8");
const { lab } = sandbox;
const SITE = "Pulumi.dev.yaml";

beforeAll(() => beginOnRelease8(sandbox));
afterAll(() => sandbox.dispose());

const nothingToDo = (): void => {
  succeeded(sandbox.pulumi("preview", "--refresh", "--expect-no-changes", "--diff"));
};

/** Nodes of a group have no order. */
async function groups(): Promise<unknown> {
  const { data } = await lab.api("pve01", "GET", "/cluster/ha/groups");
  return (data as { group: string; nodes: string }[]).map(({ nodes, ...group }) => ({
    ...group,
    nodes: nodes.split(",").sort().join(","),
  }));
}

describe("on release 8", () => {
  it("the reference site is built, with a group where release 9 has a rule", async () => {
    succeeded(sandbox.make("up"));
    expect(await groups()).toMatchObject([{ group: "prefer-win2016", nodes: "pve01:1,pve02:2" }]);
  });

  it("a second run changes nothing", nothingToDo);

  it("preferred nodes are changed, given and taken away in place", async () => {
    sandbox.edit(SITE, "            pve01: 1\n", "            pve01: 3\n");
    sandbox.edit(SITE, "        ha: {}\n", "        ha:\n          nodes:\n            pve01: 1\n");
    const text = succeeded(sandbox.make(...UP));
    expect(text).not.toMatch(/\breplaced\b/);
    expect(await groups()).toHaveLength(2);
    sandbox.restore(SITE);
    succeeded(sandbox.make(...UP));
    expect(await groups()).toMatchObject([{ group: "prefer-win2016", nodes: "pve01:1,pve02:2" }]);
    nothingToDo();
  });
});

describe("the upgrade to release 9", () => {
  it("is refused to the stack while a node is still on 8", () => {
    upgradeNode(sandbox, "pve01");
    const { code, text } = sandbox.ops("release", "switch");
    expect(text).toContain("pve02 is still on Proxmox VE 8");
    expect(text).toContain("nothing has been changed");
    expect(code).toBe(1);
    expect(sandbox.gitStatus()).toBe("");
  });

  it("of all nodes stops every run, which names the command", async () => {
    upgradeNode(sandbox, "pve02");
    await until("the HA manager has made rules of the groups", 120, () =>
      lab.ssh("pve01", "cat /etc/pve/ha/rules.cfg").includes("ha-group-prefer-win2016")
        ? true
        : undefined,
    );
    for (const run of [sandbox.pulumi("up", "--yes"), sandbox.make("preview")]) {
      expect(run.text).toContain("npm run -s ops -- release switch");
      expect(run.code).not.toBe(0);
    }
  });

  it("is followed by one command, which touches no HA resource and leaves nothing to do", () => {
    const resources = () => lab.ssh("pve01", "cat /etc/pve/ha/resources.cfg");
    const before = resources();
    const text = succeeded(sandbox.ops("release", "switch"));
    expect(text).toContain("the stack is on release 9, and there is nothing to change");
    expect(resources()).toBe(before);
    nothingToDo();
  });

  it("has nothing left to do when the command is run again", () => {
    succeeded(sandbox.ops("release", "switch"));
  });

  it("leaves a stack that is changed and removed like any other", async () => {
    sandbox.edit(SITE, "            pve01: 1\n", "            pve01: 3\n");
    succeeded(sandbox.make(...UP));
    const { data } = await lab.api("pve01", "GET", "/cluster/ha/rules/ha-group-prefer-win2016");
    const { nodes } = data as { nodes: string };
    expect(nodes.split(",").sort()).toEqual(["pve01:3", "pve02:2"]);
    succeeded(sandbox.make("down"));
  });
});
