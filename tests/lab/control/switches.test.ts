import { clusterWithWitness, freshHosts, type Machines } from "../cluster/support/machines";
import { addData, newVm } from "../support/guests";
import { Control } from "./support";

let lab: Machines;
let control: Control;

async function over(machines: Promise<Machines>): Promise<void> {
  lab = await machines;
  control = new Control(lab);
  await control.open();
}

afterEach(() => control.close());

/** The answer of a request that must succeed. A shell's command waits for the clock. */
async function done(method: string, path: string, body?: unknown): Promise<unknown> {
  const [status, answer] = await lab.settle(control.ask(method, path, body));
  if (status !== 200) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  return answer;
}

describe("a refusal", () => {
  beforeEach(() => over(freshHosts()));

  it.each([
    ["PUT", "/lab/hosts/pve09/cable", { connected: false }, 404, /^there is no host "pve09"; the/],
    ["PUT", "/lab/hosts/pve01/cable", {}, 400, /^connected is true or false, not missing$/],
    ["PUT", "/lab/cables/pve01/pve01", { connected: false }, 400, /^a cable goes from pve01 to/],
    ["PUT", "/lab/cables/pve01/pve09", { connected: false }, 404, /^there is no host "pve09"/],
    ["PUT", "/lab/ports/nas/nas/22", { open: false }, 400, /^a firewall stands between nas and/],
    ["PUT", "/lab/ports/pve01/nas/x", { open: false }, 400, /^a port is a number from 1 to 655/],
    ["PUT", "/lab/ports/pve01/nas/22", {}, 400, /^open is true or false, not missing$/],
    ["PUT", "/lab/partition", { groups: [] }, 400, /^groups are lists of hosts, as in/],
    ["PUT", "/lab/partition", { groups: ["pve01"] }, 400, /^groups are lists of hosts, as in/],
    ["PUT", "/lab/partition", { groups: [["pve09"]] }, 404, /^there is no host "pve09"/],
    ["PUT", "/lab/services/nas/a%3Breboot", { running: false }, 400, /^"a;reboot" is no name/],
    ["PUT", "/lab/api", { node: "nas" }, 400, /^nas is no node; it has no API$/],
    ["PUT", "/lab/api", {}, 400, /^node is a node's name or "all", not missing$/],
    ["PUT", "/lab/api", { node: "all", failRate: 2 }, 400, /^failRate is a share from 0 to 1, not/],
    ["PUT", "/lab/disks", { host: "nas", full: 1 }, 400, /^full is true or false, not 1$/],
    [
      "PUT",
      "/lab/disks",
      { host: "pve01", full: true, path: "/srv" },
      404,
      /^pve01 has no disk at "\/srv"; it has \/$/,
    ],
    ["PUT", "/lab/clock", { speed: -1 }, 400, /^speed is how much faster .*, not -1$/],
    ["PUT", "/lab/clock", { speed: 1e9 }, 400, /from 0 \(stands still\) to 10000, not 1000000000$/],
    ["POST", "/lab/clock/advance", { seconds: "9" }, 400, /^seconds is a number .*, not "9"$/],
    ["PUT", "/lab/snapshots/.hidden", {}, 400, /^".hidden" is no name for a snapshot; use letters/],
    ["DELETE", "/lab/snapshots/..%2Fstate", undefined, 400, /^"\.\.\/state" is no name for a snap/],
    ["POST", "/lab/snapshots/..%2Fstate/restore", {}, 400, /^"\.\.\/state" is no name for a snap/],
    ["POST", "/lab/snapshots/a/restore", {}, 404, /^there is no snapshot "a"; there is none yet$/],
    ["DELETE", "/lab/snapshots/a", undefined, 404, /^there is no snapshot "a"; there is none yet$/],
    ["POST", "/lab/reset", undefined, 409, /^this lab was made by a version that kept no copy/],
    ["GET", "/lab/log?since=now", undefined, 400, /^since is a time in epoch milliseconds$/],
  ])("answers %s %s %j in a sentence", async (method, path, body, status, message) => {
    const [code, answer] = await control.ask(method, path, body);
    expect([code, answer]).toEqual([status, { message: expect.stringMatching(message) as string }]);
  });

  it("says that nothing runs on a host that is off", async () => {
    lab.power("nas", false);
    expect(await control.ask("PUT", "/lab/services/nas/nfs-server", { running: false })).toEqual([
      409,
      { message: "nas is off, so nothing runs there; switch it on first" },
    ]);
  });
});

describe("cables and services", () => {
  beforeEach(() => over(clusterWithWitness()));

  it("cut a node off, and bring it back", async () => {
    await done("PUT", "/lab/hosts/pve02/cable", { connected: false });
    await lab.advance(60);
    expect(await lab.status("pve01", "Quorate")).toBe("Yes");
    expect(await lab.status("pve02", "Quorate")).toBe("No");
    await done("DELETE", "/lab/partition");
    await lab.advance(60);
    expect(await lab.status("pve02", "Quorate")).toBe("Yes");
  });

  it("part the hosts as groups", async () => {
    await done("PUT", "/lab/partition", { groups: [["pve01"], ["pve02", "nas"]] });
    expect(lab.site.hardware.cuts()).toEqual([
      ["nas", "pve01"],
      ["pve01", "pve02"],
    ]);
    await done("PUT", "/lab/cables/pve01/nas", { connected: true });
    expect(lab.site.hardware.cuts()).toEqual([["pve01", "pve02"]]);
  });

  it("part corosync by a firewall, while SSH goes through", async () => {
    await done("PUT", "/lab/ports/pve01/pve02/5405", { open: false });
    await done("PUT", "/lab/ports/nas/pve02/5403", { open: false });
    await lab.advance(60);
    expect(await lab.status("pve01", "Quorate")).toBe("Yes");
    expect(await lab.status("pve02", "Quorate")).toBe("No");
    expect(await lab.run("pve01", "nc -zw 1 192.168.18.100 22")).toMatchObject({ exitCode: 0 });
    expect(await lab.run("pve02", "nc -zw 1 192.168.18.200 5403")).toMatchObject({ exitCode: 1 });
    await done("DELETE", "/lab/partition");
    await lab.advance(60);
    expect(await lab.status("pve02", "Quorate")).toBe("Yes");
  });

  it("take the witness's vote away and give it back, while the NFS server goes on", async () => {
    await done("PUT", "/lab/services/nas/corosync-qnetd", { running: false });
    await lab.advance(60);
    expect(await lab.status("pve01", "Total votes")).toBe("2");
    expect(lab.site.host("nas").services).toContain("nfs-server");
    await done("PUT", "/lab/services/nas/corosync-qnetd", { running: true });
    await lab.advance(60);
    expect(await lab.status("pve01", "Total votes")).toBe("3");
  });

  it("are in the log with quorum and tasks, in their order and from a time on", async () => {
    const from = lab.clock.now();
    await done("PUT", "/lab/partition", { groups: [["pve01"], ["pve02", "nas"]] });
    await lab.advance(60);
    await done("DELETE", "/lab/partition");
    await lab.advance(60);
    await done("PUT", "/lab/services/nas/nfs-server", { running: false });
    await lab.api("pve01", "POST", "/nodes/pve01/qemu", { vmid: 100 });
    lab.power("pve02", false);
    const log = (await done("GET", `/lab/log?since=${from}`)) as {
      host: string;
      source: string;
      message: string;
      time: number;
    }[];
    const told = log.map(({ host, source, message }) => `${host} ${source}: ${message}`);
    const expected = [
      "pve01 cable: the way to pve02 is cut",
      "pve01 corosync: has no quorum",
      "pve01 cable: the way to pve02 is open again",
      "pve01 corosync: has quorum",
      "nas service: nfs-server is stopped",
      "pve01 task: qmcreate 100 starts, by root@pam",
      "pve01 task: qmcreate 100: OK",
      "pve02 power: power is off",
    ];
    expect(told.filter((line) => expected.includes(line))).toEqual(expected);
    expect(log.every(({ time }, index) => time >= (log[index - 1]?.time ?? from))).toBe(true);
    const later = (await done("GET", `/lab/log?since=${lab.clock.now()}`)) as unknown[];
    expect(later.length).toBeLessThan(log.length);
  });
});

describe("a full disk", () => {
  beforeEach(async () => {
    await over(freshHosts());
    await addData(lab);
  });

  const avail = async (node: string, storage: string): Promise<unknown> =>
    (await lab.data<{ avail: number }>(node, "GET", `/nodes/${node}/storage/${storage}/status`))
      .avail;

  it("of the NAS takes no new volume on any node, until there is room again", async () => {
    await done("PUT", "/lab/disks", { host: "nas", full: true });
    expect([await avail("pve01", "Data"), await avail("pve01", "local")]).toEqual([
      0,
      expect.any(Number),
    ]);
    const form = { vmid: 100, filename: "vm-100-disk-0.qcow2", size: "1G", format: "qcow2" };
    const answer = await lab.api("pve01", "POST", "/nodes/pve01/storage/Data/content", form);
    const path = "/mnt/pve/Data/images/100/vm-100-disk-0.qcow2";
    expect([answer.status, answer.reason.trim()]).toEqual([
      500,
      `unable to create image: qemu-img: ${path}: Could not create '${path}': No space left on device`,
    ]);
    const images = "/nodes/pve01/storage/Data/content?content=images";
    expect(await lab.data("pve01", "GET", images)).toEqual([]);
    await done("PUT", "/lab/disks", { host: "nas", full: false });
    expect(await lab.data("pve01", "POST", "/nodes/pve01/storage/Data/content", form)).toMatch(
      /^Data:100\//,
    );
    expect(lab.state.fullDisks).toBeUndefined();
  });

  it("of a node stops backups to local there, and nowhere else", async () => {
    await newVm(lab, { scsi0: "Data:1" });
    await done("PUT", "/lab/disks", { host: "pve01", full: true });
    expect([await avail("pve01", "local"), await avail("pve02", "local")]).toEqual([
      0,
      expect.any(Number),
    ]);
    const backup = { vmid: 100, storage: "local", compress: "zstd" };
    expect(await lab.task("pve01", "POST", "/nodes/pve01/vzdump", backup)).toBe("job errors");
    expect(await lab.data("pve01", "GET", "/nodes/pve01/storage/local/content")).toEqual([]);
    const files = (await done("GET", "/lab/disks")) as { host: string; full: boolean }[];
    expect(files.filter(({ full }) => full).map(({ host }) => host)).toEqual(["pve01"]);
  });
});

describe("the lab's time", () => {
  beforeEach(() => over(freshHosts()));

  it("is told, changed and kept", async () => {
    const start = control.lab.clock.now();
    expect(await control.ask("GET", "/lab/clock")).toEqual([200, { now: start, speed: 1 }]);
    expect(await control.ask("PUT", "/lab/clock", { speed: 0 })).toEqual([
      200,
      { now: start, speed: 0 },
    ]);
    expect(await control.ask("POST", "/lab/clock/advance", { seconds: 90 })).toEqual([
      200,
      { now: start + 90_000, speed: 0 },
    ]);
    expect(lab.state.clock).toEqual({
      speed: 0,
      site: start + 90_000,
      real: lab.clock.now(),
    });
  });
});
