import { freshHosts, type Machines } from "../cluster/support/machines";

/** What takes time, with a mark before and after; under a lock as the stack's scripts are. */
const SCRIPT = `flock -w 60 -E 75 /run/lock/x bash -c 'echo begun >>/root/log; sleep 30; echo ended >>/root/log'`;

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

const log = (host: "pve01" | "pve02" = "pve01"): Promise<string> => lab.out(host, "cat /root/log");

describe("a script on a host", () => {
  it("can be killed before any of its programs, and does nothing from then on", async () => {
    const programs: string[] = [];
    lab.site.faults.watch(({ label }, program) => {
      if (label.includes("/root/log")) programs.push(program);
    });
    const marks = "touch /root/log; mkdir -p /root/a; cat /root/log; mkdir -p /root/b";
    await lab.out("pve01", marks);
    expect(programs).toEqual(["touch", "mkdir", "cat", "mkdir"]);
    await lab.out("pve01", "rm -r /root/a /root/b");
    lab.site.faults.kill("ssh pve01 touch", 4);
    expect(await lab.run("pve01", marks)).toMatchObject({ exitCode: 137 });
    expect(await lab.out("pve01", "ls /root")).toBe("a\nlog\n");
    expect(await lab.run("pve01", marks)).toMatchObject({ exitCode: 0 });
  });

  it("gives its lock back when it is killed", async () => {
    lab.site.faults.kill(SCRIPT, 3);
    expect((await lab.run("pve01", SCRIPT)).exitCode).toBe(137);
    expect((await lab.run("pve01", SCRIPT)).exitCode).toBe(0);
  });

  it("that is cut off from whoever waits leaves its lock to the program that still runs", async () => {
    await lab.cluster();
    lab.trust("pve01", "pve02");
    const far = `ssh -n root@192.168.18.100 "sleep 30; echo ended >>/root/log"`;
    const hangUp = new AbortController();
    const shell = lab.hosts.shellOf("pve01");
    const { signal } = hangUp;
    const cut = shell.exec(`flock /run/lock/x bash -c '${far}'`, "", { signal });
    await lab.advance(5);
    hangUp.abort();
    await cut;
    const before = lab.clock.now();
    await lab.out("pve01", "flock -w 60 /run/lock/x true");
    expect(lab.clock.now() - before).toBeGreaterThan(20_000);
    expect(await log("pve02")).toBe("ended\n");
  });

  it("ends with the power of its host, and so does what it waits for on another", async () => {
    await lab.cluster();
    lab.trust("pve01", "pve02");
    const near = lab.hosts.shellOf("pve01").exec(SCRIPT, "");
    const far = lab.hosts
      .shellOf("pve01")
      .exec("ssh -n root@192.168.18.100 'echo begun >>/root/log; sleep 30'", "");
    await lab.advance(5);
    lab.power("pve02", false);
    expect(await lab.settle(far)).toMatchObject({
      stderr: "Connection to 192.168.18.100 closed by remote host.\n",
      exitCode: 255,
    });
    lab.power("pve01", false);
    expect(await lab.settle(near)).toMatchObject({ exitCode: 137 });
    lab.power("pve01", true);
    lab.power("pve02", true);
    await lab.advance(60);
    expect([await log(), await log("pve02")]).toEqual(["begun\n", "begun\n"]);
    expect((await lab.run("pve01", "flock -n /run/lock/x true")).exitCode).toBe(0);
  });
});
