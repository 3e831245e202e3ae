import type { ExecResult } from "just-bash";
import { commandLine, readScript } from "../../../components/scriptText";
import { ADDRESS, clusterOfTwo, clusterWithWitness, type Machines } from "./support/machines";

/** The QDevice's step, on what it may find. HA around it is told where nodes join and leave. */

const PARTS = ["cluster/parts/ha", "cluster/parts/qdevice"];
const AUTHORIZED = "/root/.ssh/authorized_keys";

let lab: Machines;
afterEach(() => lab.site.stop());

function step(variables: Record<string, string> = {}): Promise<ExecResult> {
  const text = readScript(
    "cluster/qdevice",
    PARTS,
  )({
    HOST: "pve01",
    WITNESS_ADDRESS: ADDRESS.nas,
    NODES: "2",
    NODE_ADDRESSES: `${ADDRESS.pve01} ${ADDRESS.pve02}`,
    EXPECTED_VOTES: "3",
    KEEP_KEY: "no",
    MACHINES: "",
    ...variables,
  });
  return lab.run("pve01", commandLine("cluster/qdevice", "apply"), text);
}

async function succeeds(variables: Record<string, string> = {}): Promise<string> {
  const { exitCode, stderr } = await step(variables);
  expect(`${exitCode} ${exitCode === 0 ? "" : stderr}`).toBe("0 ");
  return stderr;
}

async function refuses(words: string): Promise<void> {
  const { exitCode, stderr } = await step();
  expect(stderr).toContain(`pve01: step cluster-qdevice failed: ${words}`);
  expect(exitCode).toBe(1);
}

async function votes(): Promise<void> {
  for (const node of ["pve01", "pve02"] as const) {
    expect(await lab.status(node, "Total votes")).toBe("3");
    expect(await lab.out(node, "corosync-qdevice-tool -s")).toMatch(/^State:\s*Connected$/m);
  }
}

const authorized = (): Promise<string> => lab.out("nas", `cat ${AUTHORIZED}`);

const written = (since: number): unknown[] =>
  lab.site.commands.after(since).filter(({ writes }) => writes !== undefined);
const last = (): number => lab.site.commands.after(0).at(-1)?.id ?? 0;

describe("the QDevice's step", () => {
  it("sets it up, and takes the founder's key and no other off the witness", async () => {
    lab = await clusterOfTwo();
    await lab.out("nas", "apt-get install -y corosync-qnetd");
    const key = await lab.out("pve01", "cat /root/.ssh/id_rsa.pub");
    const before = await authorized();
    expect(before).toContain(key);
    expect(await succeeds()).toContain("the QDevice votes: 3 of 3");
    await votes();
    expect(await authorized()).toBe(before.replace(key, ""));
  });

  it("leaves the key there if the site file says so", async () => {
    lab = await clusterWithWitness();
    const before = await authorized();
    await succeeds({ KEEP_KEY: "yes" });
    expect(await authorized()).toBe(before);
    await succeeds();
    expect(await authorized()).not.toBe(before);
  });

  it("does not write where the QDevice votes", async () => {
    lab = await clusterWithWitness();
    await succeeds();
    const since = last();
    await succeeds();
    expect(written(since)).toEqual([]);
  });

  it("is not content with the flag of a witness that is away", async () => {
    lab = await clusterWithWitness();
    lab.power("nas", false);
    await lab.advance(30);
    expect(await lab.status("pve01", "Flags")).toBe("Quorate Qdevice");
    await refuses(
      `TCP port 5403 of the witness ${ADDRESS.nas} does not answer to ${ADDRESS.pve01}`,
    );
    lab.power("nas", true);
    await lab.advance(60);
    await succeeds();
    await votes();
  });

  it("refuses while a node is off, and names it", async () => {
    lab = await clusterWithWitness();
    lab.power("pve02", false);
    await lab.advance(30);
    await refuses("node pve02 is offline, and the QDevice can only be set up or removed while");
    expect(lab.site.pmxcfs("pve01").corosync?.qdevice).toBeDefined();
  });

  it("starts the daemon where it was stopped", async () => {
    lab = await clusterWithWitness();
    await lab.out("pve02", "systemctl disable --now corosync-qdevice");
    await succeeds();
    await votes();
    expect(await lab.out("pve02", "systemctl is-enabled corosync-qdevice")).toBe("enabled\n");
  });

  it("gets past certificates that a setup has left behind", async () => {
    lab = await clusterOfTwo();
    await lab.out("nas", "apt-get install -y corosync-qnetd");
    await lab.out("pve01", "apt-get install -y corosync-qdevice");
    expect((await lab.run("pve01", `pvecm qdevice setup ${ADDRESS.nas}`)).exitCode).toBe(255);
    await succeeds();
    await votes();
  });

  it("sets it up anew with a witness that was installed anew", async () => {
    lab = await clusterWithWitness();
    await lab.out("nas", "rm -rf /etc/corosync/qnetd && systemctl restart corosync-qnetd");
    await lab.advance(30);
    expect(await lab.out("pve01", "corosync-qdevice-tool -s")).toContain("Connect failed");
    const said = await succeeds();
    expect(said).toContain(`removing the QDevice with ${ADDRESS.nas}`);
    await votes();
  });

  it("moves it to the witness that the site file names now", async () => {
    lab = await clusterWithWitness();
    const { corosync } = lab.site.pmxcfs("pve01");
    if (corosync?.qdevice) corosync.qdevice.host = "192.168.18.201";
    expect(await succeeds()).toContain("removing the QDevice with 192.168.18.201");
    await votes();
  });

  it("tells which pair cannot log in", async () => {
    lab = await clusterOfTwo();
    await lab.out("nas", `apt-get install -y corosync-qnetd; : >${AUTHORIZED}`);
    await refuses(
      `root of pve01 cannot log in at the witness ${ADDRESS.nas}: root@${ADDRESS.nas}: Permission denied`,
    );
  });
});
