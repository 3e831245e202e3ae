import { planCluster } from "../../../components/cluster/plan";
import { interfaceSteps } from "../../../components/network/steps";
import { APPLIED, STAGED } from "../../../lab/network/files";
import { type Machines, freshHosts } from "../../lab/cluster/support/machines";
import { runScript } from "../support/labSteps";
import { type Changes, site } from "../support/site";

/** The script that brings a node's network to what the site file says, on a node of the lab. */

const SITE: Changes = {
  "network.bonds": { bond1: { ports: ["enp3s0f0", "enp3s0f1"], mode: "active-backup" } },
  "network.vlans": { "bond1.50": { on: "bond1", id: 50 } },
  "network.bridges": { vmbr1: { ports: ["bond1"], vlanAware: true, vlans: ["2-100"], mtu: 9000 } },
  "nodes.pve01.network": { "bond1.50": { address: "10.10.10.1/24" } },
};

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

async function run(changes: Changes = SITE, verb = "apply") {
  const [step] = interfaceSteps(planCluster(site(changes)).nodes);
  if (!step) throw new Error("nothing is described");
  const { script, variables, parts = [] } = step;
  const { exitCode, stderr } = await runScript(lab, "pve01", script, variables, { parts, verb });
  return { exitCode, stderr };
}
const text = (file: string) => lab.site.host("pve01").files[file]?.content;
/** The stanza of an interface, as Proxmox VE has written it. */
const stanza = (name: string) =>
  text(APPLIED)
    ?.match(new RegExp(`^iface ${name} [^]*?\\n\\n`, "m"))?.[0]
    .trim();

it("makes everything at once, and raises what lies below large packets", async () => {
  const { exitCode, stderr } = await run();
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr.match(/UPID:/g)).toHaveLength(1);
  expect(stanza("bond1")).toBe(
    "iface bond1 inet manual\n\tbond-slaves enp3s0f0 enp3s0f1\n\tbond-miimon 100\n\tbond-mode active-backup\n\tmtu 9000",
  );
  expect(stanza("enp3s0f0")).toBe("iface enp3s0f0 inet manual\n\tmtu 9000");
  expect(stanza("bond1.50")).toBe("iface bond1.50 inet static\n\taddress 10.10.10.1/24");
  expect(stanza("vmbr1")).toContain("bridge-vids 2-100\n\tmtu 9000");
  expect(stanza("vmbr0")).toContain("address 192.168.18.251/24");
});

it("applies nothing when it runs again, and takes all of it away on removal", async () => {
  await run();
  const made = text(APPLIED);
  expect(await run()).toEqual({ exitCode: 0, stderr: "pve01: has the described network\n" });
  expect(text(APPLIED)).toBe(made);
  expect(await run(SITE, "remove")).toMatchObject({ exitCode: 0 });
  expect(text(APPLIED)).not.toMatch(/bond1|vmbr1|mtu/);
  expect(stanza("vmbr0")).toContain("address 192.168.18.251/24");
});

it("changes in place, and takes out what is described no more", async () => {
  await run();
  const bridges = { vmbr2: { ports: ["enp3s0f1"] } };
  const changes = { "network.bridges": bridges };
  expect(await run(changes)).toMatchObject({ exitCode: 0 });
  expect(text(APPLIED)).not.toMatch(/bond1|vmbr1|mtu/);
  expect(stanza("vmbr2")).toContain("bridge-ports enp3s0f1");
});

describe("applies nothing, and says what to do,", () => {
  const api = (method: string, below: string, params = {}) =>
    lab.api("pve01", method, `/nodes/pve01/network${below}`, params);

  it("where somebody has staged changes", async () => {
    await api("POST", "", { iface: "vmbr7", type: "bridge", autostart: 1 });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("somebody has prepared changes of this node's network");
    expect(text(STAGED)).toContain("vmbr7");
  });

  it.each<[string, Changes, string]>([
    [
      "where a card is missing",
      { "network.bridges": { vmbr1: { ports: ["eno9"] } } },
      "this node has no network card eno9; nothing has been changed",
    ],
    [
      "where a card is that of the node's address",
      { "network.bridges": { vmbr1: { ports: ["eno1"] } } },
      "eno1 is already used on interface 'vmbr0'",
    ],
    [
      "where the node's address lies on what would change",
      { "network.vlans": { "eno1.50": { on: "eno1", id: 50, mtu: 9000 } } },
      "eno1 would change, and pve01 is reached over it (192.168.18.251); nothing has been changed",
    ],
  ])("%s", async (_what, changes, words) => {
    const before = text(APPLIED);
    const { exitCode, stderr } = await run(changes);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(1);
    expect([text(APPLIED), text(STAGED)]).toEqual([before, undefined]);
  });

  it("where an interface of somebody else is otherwise than described", async () => {
    await api("POST", "", { iface: "vmbr1", type: "bridge", autostart: 1, comments: "mine" });
    await lab.task("pve01", "PUT", "/nodes/pve01/network");
    const { exitCode, stderr } = await run();
    expect(stderr).toContain("vmbr1 is there, and otherwise than the site file describes it");
    expect(exitCode).toBe(1);
    expect([stanza("vmbr1"), text(STAGED)]).toEqual([expect.stringContaining("#mine"), undefined]);
  });

  it("where a guest is on a bridge that would go", async () => {
    await run();
    await lab.api("pve01", "POST", "/nodes/pve01/qemu", {
      vmid: 300,
      net0: "virtio,bridge=vmbr1",
    });
    const { exitCode, stderr } = await run({ "network.bridges": { vmbr2: {} } });
    expect(stderr).toContain(
      "vmbr1 would be gone, and guests of this node are connected to it: 300; nothing has been changed",
    );
    expect(exitCode).toBe(1);
    expect(await run(SITE, "remove")).toMatchObject({ exitCode: 0 });
    expect(stanza("vmbr1")).toBeDefined();
    expect(stanza("bond1.50")).toBeUndefined();
  });
});
