import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLab } from "../../../lab/installation";
import { LabPaths } from "../../../lab/paths";
import { RunningLab } from "../../../lab/running";
import { FileStore } from "../../../lab/seams/store";
import type { LabState } from "../../../lab/state/types";
import { clusterWithWitness } from "../cluster/support/machines";

/** A lab as its process has it, whose site has HA at work: on real ports, over a folder, in this process. */
let root: string;
let lab: RunningLab;
let paths: LabPaths;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lab-resume-"));
  paths = new LabPaths(root);
  const { store } = await openLab(root);
  const { state } = await clusterWithWitness();
  for (const [name, { sshPort, node }] of Object.entries(store.state.hosts)) {
    const host = state.hosts[name];
    if (!host) continue;
    host.sshPort = sshPort;
    if (host.node && node) host.node.apiPort = node.apiPort;
  }
  const { guests, ha } = Object.values(state.pmxcfs).find(({ corosync }) => corosync) ?? {};
  for (const [vmid, node] of [
    [100, "pve01"],
    [101, "pve02"],
  ] as const) {
    if (guests) guests[vmid] = { vmid, type: "qemu", node, config: { memory: "512" } };
    if (ha) ha.resources[`vm:${vmid}`] = { state: "started" };
  }
  lab = new RunningLab(paths, new FileStore(state, paths.state));
  await lab.start();
  await lab.clock.advance(300_000);
});
afterEach(async () => {
  await lab.stop();
  await rm(root, { recursive: true, force: true });
});

/** What tells whether anything was reset or started anew. */
const lives = ({ hosts }: LabState): unknown =>
  Object.values(hosts).map(({ name, power, bootedAt, node }) => ({
    name,
    power,
    bootedAt,
    guests: Object.entries(node?.running ?? {}).map(([vmid, { pid }]) => [vmid, pid]),
  }));

const said = (): string[] =>
  lab.site.ha.lines.filter(({ level }) => level !== "info").map(({ message }) => message);

describe("a site with HA at work", () => {
  it("goes on as it was when it is restored, whatever happened since", async () => {
    const before = structuredClone(lives(lab.site.state));
    expect(JSON.stringify(before)).toMatch(/\["100",\d+\].*\["101",\d+\]/);
    await lab.snapshots.save("before", lab.site.state, lab.clock.now());
    await lab.hosts.power("pve02", false);
    await lab.clock.advance(300_000);
    await lab.hosts.power("pve02", true);
    expect(lives(lab.site.state)).not.toEqual(before);
    await lab.restore("before");
    await lab.clock.advance(600_000);
    expect(lives(lab.site.state)).toEqual(before);
    expect(said()).toEqual([]);
  });

  it("goes on as it was however long the lab was off", async () => {
    const before = structuredClone(lives(lab.site.state));
    await lab.stop();
    const state = (await FileStore.read<LabState>(paths.state)) as LabState;
    const night = 12 * 3_600_000;
    state.clock = { speed: 1, site: (state.writtenAt ?? 0) + night, real: Date.now() };
    lab = new RunningLab(paths, new FileStore(state, paths.state));
    await lab.start();
    await lab.clock.advance(600_000);
    expect(lives(lab.site.state)).toEqual(before);
    expect(said()).toEqual([]);
  });

  it("lets a boot that was under way take as long as was left of it", async () => {
    lab.site.machines.reset("pve02");
    await lab.clock.advance(20_000);
    await lab.snapshots.save("booting", lab.site.state, lab.clock.now());
    await lab.clock.advance(600_000);
    await lab.restore("booting");
    await lab.clock.advance(30_000);
    expect(lab.site.hardware.isOn("pve02")).toBe(false);
    await lab.clock.advance(15_000);
    expect(lab.site.hardware.isOn("pve02")).toBe(true);
  });
});
