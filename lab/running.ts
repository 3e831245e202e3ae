import { readFile } from "node:fs/promises";
import { EventLog } from "./control/eventLog";
import type { ControlledLab } from "./control/lab";
import { Hosts } from "./hosts";
import type { LabPaths } from "./paths";
import { replaceMachine } from "./replacement";
import { realClock } from "./seams/clock";
import { EndingClock } from "./seams/endingClock";
import { LoopbackPorts } from "./seams/guestPorts";
import { replaceFile } from "./seams/replaceFile";
import { nextTurn, ScaledClock } from "./seams/scaledClock";
import { FileStore } from "./seams/store";
import { Site } from "./site";
import { Snapshots } from "./snapshots";
import { knownHosts } from "./state/connections";
import { resumeAt } from "./state/resume";
import { publicKeyOf } from "./state/sshKey";
import type { LabState } from "./state/types";
import type { LabSecrets } from "./status";

/** One site as it runs, from its start to its end or until another takes its place. */
interface Running {
  store: FileStore<LabState>;
  site: Site;
  hosts: Hosts;
  clock: EndingClock;
  ports: LoopbackPorts;
}

/** The lab's process without its control interface: a site on the clock, its hosts' ports, and what can set it back. */
export class RunningLab implements ControlledLab {
  readonly clock: ScaledClock;
  readonly events = new EventLog();
  readonly snapshots: Snapshots;
  private running: Running;
  private authorities: Promise<void> = Promise.resolve();

  constructor(
    private readonly paths: LabPaths,
    store: FileStore<LabState>,
  ) {
    this.snapshots = new Snapshots(paths.snapshots);
    this.clock = new ScaledClock(realClock, store.state.clock, () => this.settle());
    this.running = this.assemble(store);
  }

  get site(): Site {
    return this.running.site;
  }

  get hosts(): Hosts {
    return this.running.hosts;
  }

  async start(): Promise<void> {
    const { hosts, site } = this.running;
    site.nodes.onMade(() => void this.writeAuthorities());
    await this.writeAuthorities();
    await this.writeKnownHosts();
    await hosts.start();
    this.events.watch(site);
    site.start();
  }

  /** Ends the site, with everything on disk that it has come to. */
  async stop(): Promise<void> {
    await this.end();
    const { site } = this.running;
    if (site.state.clock) site.state.clock = this.clock.save(true);
    await site.commit();
  }

  /** Clients trust every authority that a node of the site has had. One write after the other. */
  private writeAuthorities(): Promise<void> {
    this.authorities = this.authorities.then(async () => {
      const text = this.site.state.authorities.join("");
      const known = await readFile(this.paths.authority, "utf8").catch(() => "");
      if (text !== known) await replaceFile(this.paths.authority, text);
    });
    return this.authorities;
  }

  /** A machine that was replaced has another key. */
  private async writeKnownHosts(): Promise<void> {
    const text = knownHosts(this.site.state);
    const known = await readFile(this.paths.knownHosts, "utf8").catch(() => "");
    if (text !== known) await replaceFile(this.paths.knownHosts, text);
  }

  async replaceHost(name: string, bare: boolean): Promise<void> {
    const { site, hosts } = this.running;
    const secrets = JSON.parse(await readFile(this.paths.secrets, "utf8")) as LabSecrets;
    const authorizedKey = publicKeyOf(await readFile(this.paths.key, "utf8"));
    await replaceMachine(site, name, { bare, authorizedKey, password: secrets.password });
    hosts.forget(name);
    await this.writeAuthorities();
    await this.writeKnownHosts();
    await site.commit();
  }

  async restore(name: string): Promise<boolean> {
    const state = await this.snapshots.read(name);
    if (state) await this.replace(state);
    return state !== undefined;
  }

  async reset(): Promise<boolean> {
    const state = await FileStore.read<LabState>(this.paths.installed);
    if (!state) return false;
    this.clock.setSpeed(1);
    for (const host of Object.values(state.hosts)) host.bootedAt = this.clock.now();
    await this.replace(state);
    return true;
  }

  /** The old site ends, the new state is on disk as a whole, and a new site goes on at the same ports. */
  private async replace(state: LabState): Promise<void> {
    const { site, store } = this.running;
    const { clock: record } = site.state;
    await this.end();
    await store.close();
    delete state.clock;
    if (record) state.clock = this.clock.save();
    const next = new FileStore(state, this.paths.state);
    next.touch();
    await next.flush();
    this.running = this.assemble(next);
    await this.start();
    await this.site.commit();
  }

  /** Nothing of the site goes on, and its ports are free. */
  private async end(): Promise<void> {
    const { site, hosts, clock, ports } = this.running;
    site.stop();
    clock.end();
    site.faults.release();
    await hosts.stop();
    await ports.end();
  }

  private assemble(store: FileStore<LabState>): Running {
    resumeAt(store.state, this.clock.now());
    store.stamp = (state) => (state.writtenAt = this.clock.now());
    const clock = new EndingClock(this.clock);
    const ports = new LoopbackPorts();
    const site = new Site(store, clock, ports);
    return { store, site, hosts: new Hosts(site), clock, ports };
  }

  /** What a timer has set off comes as far as it does at once, writing to disk included. */
  private async settle(): Promise<void> {
    await nextTurn();
    await this.running.store.settled();
    await nextTurn();
  }
}
