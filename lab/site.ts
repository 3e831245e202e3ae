import { Access } from "./access/access";
import { die } from "./api/errors";
import { Backups } from "./backup/backups";
import { Membership } from "./cluster/membership";
import { Quorum } from "./cluster/quorum";
import { ApiFaults } from "./control/apiFaults";
import { Faults } from "./control/faults";
import { GuestNetwork } from "./guests/network";
import { HighAvailability } from "./ha/availability";
import { Machines } from "./machines";
import { type Link, linksOf } from "./node/links";
import { Messages } from "./notifications/messages";
import { addMissing } from "./pmxcfs/database";
import { Replications } from "./replication/replications";
import type { Clock } from "./seams/clock";
import { FakeGuestPorts, type GuestPorts } from "./seams/guestPorts";
import { SimulatedHardware } from "./seams/hardware";
import type { Store } from "./seams/store";
import { CommandLog } from "./ssh/commandLog";
import type { HostState, LabState, NodeState, Pmxcfs } from "./state/types";
import type { ReceivedFile } from "./storage/received";
import { Storages } from "./storage/storages";
import { modernize } from "./system/legacy";
import { Nodes } from "./system/nodes";
import { Units } from "./system/units";
import { Tasks } from "./tasks/tasks";

/**
 * The whole lab behind its seams: what the API, the shell commands and the control interface act on. Holds no
 * logic of its own beyond finding things.
 */
export class Site {
  readonly hardware: SimulatedHardware;
  readonly quorum: Quorum;
  readonly tasks: Tasks;
  readonly access: Access;
  readonly storages: Storages;
  readonly membership: Membership;
  readonly machines: Machines;
  readonly ha: HighAvailability;
  readonly network: GuestNetwork;
  readonly backups: Backups;
  readonly replications: Replications;
  readonly units: Units;
  readonly nodes: Nodes;
  readonly messages = new Messages(this);
  readonly faults = new Faults();
  readonly apiFaults: ApiFaults;
  /** What sessions have run on the hosts. */
  readonly commands: CommandLog;
  /** Files that clients have sent and no storage has taken yet, by the name that they have until then. */
  readonly uploads = new Map<string, ReceivedFile>();
  readonly clock: Clock;
  private timersFired = 0;

  constructor(
    readonly store: Store<LabState>,
    clock: Clock,
    readonly guestPorts: GuestPorts = new FakeGuestPorts(),
  ) {
    for (const host of Object.values(store.state.hosts)) modernize(host);
    addMissing(store.state);
    this.clock = this.counted(clock);
    this.commands = new CommandLog(this.clock);
    this.units = new Units(this);
    this.nodes = new Nodes(this);
    this.hardware = new SimulatedHardware(store.state);
    this.quorum = new Quorum(store, this.hardware, this.clock);
    this.tasks = new Tasks(this);
    this.access = new Access(this);
    this.storages = new Storages(this);
    this.membership = new Membership(this);
    this.machines = new Machines(this);
    this.ha = new HighAvailability(this);
    this.network = new GuestNetwork(this, guestPorts);
    this.backups = new Backups(this);
    this.replications = new Replications(this);
    this.apiFaults = new ApiFaults(this);
  }

  /** Lets time do its work: the HA manager's daemons, boots under way. Handlers answer without it. */
  start(): void {
    this.ha.start();
    this.machines.start();
  }

  /** Ends what `start` began; the site's own hosts do not notice. */
  stop(): void {
    this.ha.stop();
    this.machines.stop();
    this.quorum.stop();
  }

  private counted(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (ms, action) =>
        clock.after(ms, () => {
          this.timersFired++;
          action();
        }),
    };
  }

  /** Another number once anything may have moved: a change of the state, or a timer. */
  get version(): number {
    return this.store.changes + this.timersFired;
  }

  get state(): LabState {
    return this.store.state;
  }

  host(name: string): HostState {
    const host = this.state.hosts[name];
    if (!host) throw die(`no such host '${name}'`);
    return host;
  }

  nodeState(name: string): NodeState {
    const node = this.state.hosts[name]?.node;
    if (!node) throw die(`no such cluster node '${name}'`);
    return node;
  }

  /** The cluster file system that `node` has mounted. */
  pmxcfs(node: string): Pmxcfs {
    const mounted = this.state.pmxcfs[this.nodeState(node).pmxcfs];
    if (!mounted) throw die(`node '${node}' has no cluster file system`);
    return mounted;
  }

  /** The nodes that share `node`'s cluster file system, itself included, in the order of their ids. */
  members(node: string): string[] {
    return this.pmxcfs(node).corosync?.nodes.map((member) => member.name) ?? [node];
  }

  /** Whether `asking` can get an answer from `node` now. */
  isOnline(asking: string, node: string): boolean {
    return (
      asking === node || (this.quorum.sees(asking, node) && this.hardware.canReach(asking, node))
    );
  }

  /** By name, or by an address of any of its links. */
  hostAt(address: string): HostState | undefined {
    const hosts = Object.values(this.state.hosts);
    const isLink = (link: Link): boolean => link.address === address && link.name !== "lo";
    return (
      hosts.find((host) => host.address === address || host.name === address) ??
      hosts.find((host) => linksOf(this, host).some(isLink))
    );
  }

  /** A change that is acknowledged only when it is on disk. */
  async commit(): Promise<void> {
    this.store.touch();
    await this.store.flush();
  }
}
