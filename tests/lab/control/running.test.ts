import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTicket, signTicket } from "../../../lab/access/passwords";
import { dispatch } from "../../../lab/api/dispatch";
import { openLab } from "../../../lab/installation";
import { LabPaths } from "../../../lab/paths";
import { RunningLab } from "../../../lab/running";
import { FileStore } from "../../../lab/seams/store";
import { issueCertificate } from "../../../lab/state/pki";
import type { LabState } from "../../../lab/state/types";

/** A lab as its process has it: on real ports, over a folder, in this process. */
let root: string;
let lab: RunningLab;
let paths: LabPaths;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lab-running-"));
  paths = new LabPaths(root);
  const { store } = await openLab(root);
  lab = new RunningLab(paths, store);
  await lab.start();
});
afterEach(async () => {
  await lab.stop();
  await rm(root, { recursive: true, force: true });
});

const onDisk = async (): Promise<LabState> =>
  (await FileStore.read<LabState>(paths.state)) ?? Promise.reject(new Error("no state"));

const addUser = async (userid: string): Promise<void> => {
  lab.site.pmxcfs("pve01").users[userid] = { enable: true, expire: 0, tokens: {} };
  await lab.site.commit();
};

const users = (state: LabState): string[] =>
  Object.keys(state.pmxcfs[state.hosts.pve01?.node?.pmxcfs ?? ""]?.users ?? {});

describe("a snapshot of a running lab", () => {
  it("is how the site was then, on disk before it is acknowledged", async () => {
    await addUser("kept@pve");
    await lab.snapshots.save("good", lab.site.state, lab.clock.now());
    await addUser("later@pve");
    lab.site.machines.switch("pve02", false);
    expect(await lab.restore("good")).toBe(true);
    expect(users(lab.site.state)).toEqual(["root@pam", "kept@pve"]);
    expect(lab.site.hardware.isOn("pve02")).toBe(true);
    expect(users(await onDisk())).toEqual(["root@pam", "kept@pve"]);
    expect(await lab.restore("nosuch")).toBe(false);
  });

  it("ends what was at work without a word: neither state nor log hears of it", async () => {
    await lab.snapshots.save("idle", lab.site.state, lab.clock.now());
    const before = lab.site;
    let resume: () => void = () => undefined;
    before.tasks.start("pve01", "test", "", "root@pam", async () => {
      await new Promise<void>((resolve) => (resume = resolve));
      before.pmxcfs("pve01").users["ghost@pve"] = { enable: true, expire: 0, tokens: {} };
      await before.commit();
    });
    const timer = jest.fn();
    before.clock.after(50, timer);
    await lab.restore("idle");
    const from = lab.clock.now();
    resume();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(timer).not.toHaveBeenCalled();
    expect(users(await onDisk())).toEqual(["root@pam"]);
    expect(lab.site.nodeState("pve01").tasks).toEqual([]);
    expect(lab.events.since(from).filter(({ source }) => source === "task")).toEqual([]);
  });

  it("of a task at work has one that died when it comes back", async () => {
    lab.site.tasks.start("pve01", "test", "", "root@pam", ({ info }) => {
      info("half done");
      return new Promise(() => undefined);
    });
    await lab.snapshots.save("busy", lab.site.state, lab.clock.now());
    await lab.restore("busy");
    expect(lab.site.nodeState("pve01").tasks.map(({ exitstatus }) => exitstatus)).toEqual([
      "unexpected status",
    ]);
  });

  it("leaves time where it is: it never goes backwards", async () => {
    await lab.snapshots.save("early", lab.site.state, lab.clock.now());
    await lab.clock.advance(3_600_000);
    lab.site.state.clock = lab.clock.save();
    const late = lab.site.clock.now();
    await lab.restore("early");
    expect(lab.site.clock.now()).toBeGreaterThanOrEqual(late);
    expect((await onDisk()).clock?.site).toBeGreaterThanOrEqual(late);
  });

  it("is a file of its own that can be listed and removed", async () => {
    expect(await lab.snapshots.list()).toEqual([]);
    await lab.snapshots.save("a", lab.site.state, 1_000);
    await lab.snapshots.save("b", lab.site.state, 2_000);
    expect((await lab.snapshots.list()).map(({ name, time }) => [name, time])).toEqual([
      ["b", 2_000],
      ["a", 1_000],
    ]);
    expect([await lab.snapshots.remove("a"), await lab.snapshots.remove("a")]).toEqual([
      true,
      false,
    ]);
    expect(await readdir(paths.snapshots)).toEqual(["b.json"]);
  });
});

describe("a reset of a running lab", () => {
  it("brings the hosts back as installed, with their ports, keys and credentials", async () => {
    const { hosts, authorities } = structuredClone(lab.site.state);
    await addUser("gone@pve");
    lab.site.machines.switch("nas", false);
    lab.clock.setSpeed(7);
    expect(await lab.reset()).toBe(true);
    const now = lab.site.state;
    expect(users(now)).toEqual(["root@pam"]);
    expect(now.authorities).toEqual(authorities);
    for (const [name, host] of Object.entries(hosts)) {
      const same = now.hosts[name];
      expect([same?.sshPort, same?.sshHostKey, same?.node?.apiPort, same?.power]).toEqual([
        host.sshPort,
        host.sshHostKey,
        host.node?.apiPort,
        true,
      ]);
      expect(same?.bootedAt).toBeGreaterThanOrEqual(host.bootedAt);
    }
    expect(lab.clock.speed).toBe(1);
  });

  it("is refused where nobody kept how the hosts were", async () => {
    await rm(paths.installed);
    await addUser("kept@pve");
    expect(await lab.reset()).toBe(false);
    expect(users(lab.site.state)).toContain("kept@pve");
  });
});

describe("a jump of time", () => {
  it("ends tickets that are too old then; a new login gets in", async () => {
    const { ticketSecret } = lab.site.pmxcfs("pve01");
    const seconds = (): number => Math.floor(lab.clock.now() / 1000);
    const old = signTicket(ticketSecret, "root@pam", seconds());
    const ask = (ticket: string): ReturnType<typeof dispatch> =>
      dispatch(lab.site, "pve01", {
        method: "GET",
        path: "/version",
        query: {},
        body: {},
        cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`,
      });
    expect((await ask(old)).status).toBe(200);
    await lab.clock.advance(3 * 3_600_000);
    expect(readTicket(ticketSecret, old, seconds())).toBeUndefined();
    expect((await ask(signTicket(ticketSecret, "root@pam", seconds()))).status).toBe(200);
  });

  it("leaves certificates valid by the clocks of clients, those that are issued then too", async () => {
    await lab.clock.advance(3 * 3_600_000);
    const { ca } = lab.site.pmxcfs("pve01");
    const host = { name: "pve01", address: "192.168.18.251" };
    const { certificate } = await issueCertificate(ca, host, lab.clock.now());
    const { validFrom, validTo } = new X509Certificate(certificate);
    expect(Date.parse(validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + 365 * 86_400_000);
  });
});
