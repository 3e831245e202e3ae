import type { CommandEntry } from "../../../lab/ssh/commandLog";
import { clusterOfTwo, freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

/** What a script of pve01 leaves in the log, without its times. */
async function logged(script: string, machines = lab): Promise<Partial<CommandEntry>[]> {
  await machines.run("pve01", script);
  return machines.site.commands
    .after(0)
    .map(({ command, exitCode, writes }) =>
      writes === undefined ? { command: command ?? "", exitCode: exitCode ?? NaN } : { writes },
    );
}

/** A file that is opened anew is emptied first, which is a change of its own. */
const changedBy = async (script: string): Promise<string[]> => {
  const entries = await logged(script);
  return [...new Set(entries.flatMap(({ writes }) => (writes === undefined ? [] : [writes])))];
};

describe("the log of what runs on the hosts", () => {
  it("tells every program with its arguments and how it ended, those of others' scripts too", async () => {
    expect(await logged("cat /etc/hostname; bash -c 'pvecm nodes; exit 7' | grep -c x")).toEqual([
      { command: "cat /etc/hostname", exitCode: 0 },
      { command: "bash -c pvecm nodes; exit 7", exitCode: 7 },
      { command: "pvecm nodes", exitCode: expect.any(Number) as number },
      { command: "grep -c x", exitCode: 1 },
    ]);
  });

  it("tells host and time, and counts", async () => {
    await lab.run("pve02", "sleep 10; hostname");
    const [slept, asked] = lab.site.commands.after(0);
    expect(slept).toMatchObject({ id: 1, host: "pve02", command: "sleep 10" });
    expect(asked).toMatchObject({ id: 2, host: "pve02", command: "hostname" });
    expect((asked?.time ?? 0) - (slept?.time ?? 0)).toBe(10_000);
    expect(lab.site.commands.after(1)).toEqual([asked]);
  });

  it("has a program that still runs without an end", async () => {
    const running = lab.hosts.shellOf("pve01").exec("sleep 10", "");
    await new Promise((resolve) => setImmediate(resolve));
    expect(lab.site.commands.after(0)).toMatchObject([{ command: "sleep 10" }]);
    expect(lab.site.commands.after(0)[0]).not.toHaveProperty("exitCode");
    await lab.settle(running);
    expect(lab.site.commands.after(0)).toMatchObject([{ exitCode: 0 }]);
  });

  it("cuts off what is long: whole scripts are arguments", async () => {
    const [entry] = await logged(`hostname ${"x".repeat(1000)}`);
    expect(entry?.command).toHaveLength(300);
  });

  it.each([
    ["echo x >/etc/motd", ["/etc/motd"]],
    ["echo x >>/etc/hosts", ["/etc/hosts"]],
    ["echo x | tee /etc/motd >/dev/null", ["/etc/motd"]],
    ["mkdir -p /etc/new", ["/etc/new"]],
    ["chmod 600 /etc/hosts", ["/etc/hosts"]],
    ["ln -s /etc/hosts /etc/more", ["/etc/more"]],
    ["rm /etc/hosts", ["/etc/hosts"]],
    ["sed -i s/x/y/ /etc/hosts", ["/etc/hosts"]],
  ])("tells which file %j changes", async (script, paths) => {
    expect(await changedBy(script)).toEqual(paths);
  });

  it("tells both ends of a move", async () => {
    expect(await changedBy("mv /etc/hosts /etc/moved")).toEqual(
      expect.arrayContaining(["/etc/hosts", "/etc/moved"]),
    );
  });

  it.each([
    "cat /etc/hosts >/dev/null 2>&1",
    "ls /etc /root; grep -r x /etc; wc -l <<<text",
    "mkdir -p /etc/network",
    "test -e /etc/hosts && [ -w /etc/hosts ]",
    "rm -f /etc/nosuch",
  ])("has no change by %j", async (script) => {
    expect(await changedBy(script)).toEqual([]);
  });

  it("has what a session changes in the cluster's files, and nothing that another node has", async () => {
    const cluster = await clusterOfTwo();
    await cluster.run("pve01", "echo 'keyboard: de' >/etc/pve/datacenter.cfg");
    await cluster.run("pve02", "cat /etc/pve/datacenter.cfg");
    const writes = cluster.site.commands.after(0).filter(({ writes }) => writes !== undefined);
    expect(new Set(writes.map(({ host, writes }) => `${host} ${writes}`))).toEqual(
      new Set(["pve01 /etc/pve/datacenter.cfg"]),
    );
  });
});
