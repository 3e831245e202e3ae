import { EventLog } from "../../../lab/control/eventLog";
import { picture } from "../../../lab/control/picture";
import type {
  GuestPicture,
  HostPicture,
  NodePicture,
  Picture,
  StoragePicture,
} from "../../../lab/control/pictureTypes";
import { setDiskFull } from "../../../lab/storage/fullDisks";
import { clusterWithWitness, freshHosts, type Machines } from "../cluster/support/machines";
import { addData, newCt, newVm } from "../support/guests";
import { PASSWORD } from "../support/lab";

let lab: Machines;
let events: EventLog;

const look = (): Picture => picture(lab.site, { speed: 1, events: events.since(0) });

/** Takes the place of what was looked at before. */
function watch(machines: Machines): void {
  lab = machines;
  events = new EventLog();
  events.watch(lab.site);
}

const host = (name: string): HostPicture => found(look().hosts, name);
const guest = (vmid: number): GuestPicture | undefined =>
  look().guests.find((candidate) => candidate.vmid === vmid);
const storage = (name: string): StoragePicture => found(look().storages, name);

function node(name: string): NodePicture {
  const shown = host(name).node;
  if (!shown) throw new Error(`nothing is shown of ${name} as a node`);
  return shown;
}

function found<T extends { name: string }>(list: T[], name: string): T {
  const item = list.find((candidate) => candidate.name === name);
  if (!item) throw new Error(`${name} is not shown`);
  return item;
}

describe("the picture of hosts as installed", () => {
  beforeAll(async () => {
    watch(await freshHosts());
  });

  it("shows nodes before the NAS, with power and plugs", () => {
    const shown = look().hosts.map(({ name, role, power, plugged, linkMbit }) => [
      ...[name, role, power, plugged, linkMbit],
    ]);
    expect(shown).toEqual([
      ["pve01", "node", "on", true, null],
      ["pve02", "node", "on", true, null],
      ["nas", "witness", "on", true, null],
    ]);
  });

  it("shows each node with quorum of its own, in no cluster, without HA", () => {
    expect(node("pve01")).toMatchObject({
      cluster: null,
      quorum: { quorate: true, votes: 1, expected: 1, needed: 1, device: null },
      ha: { crm: null, lrm: null, mode: null, watchdog: false },
    });
  });

  it("shows a cable between any two hosts", () => {
    expect(look().cables).toEqual([
      { between: ["nas", "pve01"], connected: true },
      { between: ["nas", "pve02"], connected: true },
      { between: ["pve01", "pve02"], connected: true },
    ]);
  });

  it("shows the local storages of both nodes apart", () => {
    const local = look().storages.filter(({ name }) => name === "local");
    expect(local.map(({ places }) => places.map((place) => place.node))).toEqual([
      ["pve01"],
      ["pve02"],
    ]);
  });

  it("has no password, key or token in it", () => {
    const text = JSON.stringify(look());
    const [config] = Object.values(lab.state.pmxcfs);
    const { sshHostKey } = lab.site.host("pve01");
    for (const secret of [PASSWORD, config?.ticketSecret, config?.ca.key, sshHostKey]) {
      expect(secret).toMatch(/.{8}/);
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
    expect(text).not.toMatch(/PRIVATE KEY|BEGIN |secret/i);
  });
});

describe("the picture of a cluster with HA guests", () => {
  beforeEach(async () => {
    watch(await clusterWithWitness());
    lab.site.start();
    await addData(lab);
    await newVm(lab, { name: "mail", memory: 2048, scsi0: "Data:8", scsihw: "virtio-scsi-pci" });
    await newCt(lab, { hostname: "web" });
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    await lab.advance(120);
  });

  afterEach(() => lab.site.stop());

  it("shows where guests run and what HA says of them", () => {
    expect(guest(100)).toMatchObject({
      name: "mail",
      type: "VM",
      node: "pve01",
      state: "running",
      waitsFor: [],
      lock: null,
      memory: 2048 * 1024 ** 2,
      port: expect.any(Number) as number,
      answers: true,
      ha: { state: "started", wanted: "started" },
    });
    expect(guest(101)).toMatchObject({
      type: "container",
      state: "stopped",
      answers: false,
      ha: null,
    });
  });

  it("shows the states of the HA manager's daemons and who holds the watchdog", () => {
    const daemons = ["pve01", "pve02"].map((name) => node(name).ha);
    expect(daemons.map(({ crm }) => crm).sort()).toEqual(["master", "slave"]);
    expect(node("pve01").ha).toMatchObject({ lrm: "active", mode: "active", watchdog: true });
  });

  it("shows the votes as each node counts them", async () => {
    const three = { quorate: true, votes: 3, expected: 3, needed: 2, device: true };
    expect(node("pve02").quorum).toEqual({ ...three, members: ["pve01", "pve02"] });
    lab.site.hardware.plug("pve01", false);
    await lab.advance(15);
    expect(node("pve01").quorum).toEqual({
      ...{ quorate: false, votes: 1, expected: 3, needed: 2, device: false },
      members: ["pve01"],
    });
    expect(node("pve02").quorum).toMatchObject({ quorate: true, votes: 2, members: ["pve02"] });
    expect(host("pve01").plugged).toBe(false);
  });

  it("shows a node without power as that, with its guests, and when one that boots will be up", () => {
    lab.power("pve01", false);
    expect(host("pve01")).toMatchObject({ power: "off" });
    expect(host("pve01").node).toBeUndefined();
    expect(guest(100)).toMatchObject({ state: "node is off", answers: false });
    lab.site.machines.reset("pve02");
    expect(host("pve02")).toMatchObject({ power: "booting", since: lab.clock.now() + 60_000 });
  });

  it("shows a cable that is out", () => {
    lab.site.hardware.connect("pve02", "nas", false);
    expect(look().cables).toContainEqual({
      between: ["nas", "pve02"],
      connected: false,
    });
  });

  it("shows from which node a storage can be reached, and which guest waits for it", () => {
    expect(storage("Data").places.map(({ state }) => state)).toEqual(["available", "available"]);
    lab.site.hardware.connect("pve01", "nas", false);
    expect(storage("Data").places).toEqual([
      expect.objectContaining({
        node: "pve01",
        state: "unavailable",
        problem: "storage 'Data' is not online",
      }),
      expect.objectContaining({ node: "pve02", state: "available", problem: null }),
    ]);
    expect(guest(100)).toMatchObject({ state: "stalled", waitsFor: ["Data"] });
    lab.power("pve02", false);
    expect(storage("Data").places[1]).toMatchObject({ node: "pve02", state: "node is off" });
  });

  it("shows units whose loss can be rehearsed, those that are stopped included", async () => {
    expect(host("nas").services).toEqual([
      { unit: "nfs-server", running: true },
      { unit: "corosync-qnetd", running: true },
    ]);
    await lab.out("nas", "systemctl stop corosync-qnetd");
    expect(host("nas").services[1]).toEqual({ unit: "corosync-qnetd", running: false });
  });

  it("shows a guest that is paused or has not booted yet", async () => {
    await lab.task("pve01", "POST", "/nodes/pve01/lxc/101/status/start");
    expect(guest(101)).toMatchObject({ state: "running" });
    const run = lab.site.nodeState("pve01").running["100"];
    if (!run) throw new Error("vm 100 does not run");
    run.answersAt = lab.clock.now() + 5000;
    expect(guest(100)).toMatchObject({ state: "booting" });
    run.paused = "user";
    expect(guest(100)).toMatchObject({ state: "paused" });
  });

  it("shows tasks newest first, with how they ended", () => {
    const [newest] = look().tasks;
    expect(newest).toMatchObject({ type: "qmstart", id: "100", status: "OK", failed: false });
    const starts = look().tasks.map(({ start }) => start);
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
  });

  it("shows a task that runs before all that have ended", () => {
    lab.site.tasks.start("pve02", "vzdump", "101", "root@pam", () => new Promise(() => undefined));
    lab.site.tasks.start("pve01", "qmstop", "100", "root@pam", () => {
      throw new Error("it hangs");
    });
    const [first, second] = look().tasks;
    expect(first).toMatchObject({ type: "vzdump", status: "running", end: null, failed: false });
    expect(second).toMatchObject({ type: "qmstop", status: "it hangs", failed: true });
  });

  it("shows what the HA manager and the lab have to say, newest first", () => {
    lab.site.hardware.connect("pve01", "nas", false);
    const { log } = look();
    expect(log.map(({ message }) => message)).toContain("starting service vm:100");
    const cables = log.filter(({ source }) => source === "cable");
    expect(cables).toMatchObject([{ host: "nas", message: "the way to pve01 is cut" }]);
    const ids = log.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
  });

  it("shows what is rehearsed: full disks, a disturbed API, another pace", () => {
    lab.site.apiFaults.set("pve02", { delayMs: 200, failRate: 0.5, seed: 1 });
    lab.site.apiFaults.set("pve01", { delayMs: 0, failRate: 0, seed: 1 });
    setDiskFull(lab.site, "nas", "/backup/pve-data", true);
    const { rehearsal } = picture(lab.site, { speed: 60, events: [] });
    expect(rehearsal).toMatchObject({
      speed: 60,
      api: [{ node: "pve02", delayMs: 200, failRate: 0.5 }],
    });
    expect(rehearsal.disks).toEqual([
      { host: "pve01", path: "/", full: false },
      { host: "pve02", path: "/", full: false },
      { host: "nas", path: "/", full: false },
      { host: "nas", path: "/backup/pve-backup", full: false },
      { host: "nas", path: "/backup/pve-data", full: true },
    ]);
  });
});
