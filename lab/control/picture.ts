import { memoryUsed, nodeStatus, rootDisk } from "../guests/nodeStatus";
import type { Site } from "../site";
import type { HostState, NodeState, TaskState } from "../state/types";
import { exportsAt, isDiskFull, ROOT_DISK } from "../storage/fullDisks";
import { guestPictures } from "./pictureGuests";
import { storagePictures } from "./pictureStorages";
import type {
  CablePicture,
  HaPicture,
  HostPicture,
  LogPicture,
  NodePicture,
  Picture,
  QuorumPicture,
  Rehearsal,
  ServicePicture,
  TaskPicture,
} from "./pictureTypes";

/** As many as a person can take in; all are in `GET /lab/tasks` and `GET /lab/log`. */
const SHOWN = { tasks: 40, lines: 100 };

/** Units whose loss is worth a rehearsal, and the package that brings each; the others come with the system. */
const UNITS: Record<HostState["role"], Record<string, string | undefined>> = {
  node: { corosync: undefined, "corosync-qdevice": "corosync-qdevice" },
  witness: { "nfs-server": undefined, "corosync-qnetd": "corosync-qnetd" },
};

/** What of the picture is not in the site itself. */
export interface Around {
  /** Seconds of the lab for one of real time. */
  speed: number;
  /** What has happened, oldest first. */
  events: LogPicture[];
}

/** The whole site at this moment, for people to look at. Changes nothing. */
export function picture(site: Site, { speed, events }: Around): Picture {
  const hosts = Object.values(site.state.hosts);
  return {
    time: site.clock.now(),
    hosts: [...hosts.filter(({ node }) => node), ...hosts.filter(({ node }) => !node)].map((host) =>
      hostPicture(site, host),
    ),
    cables: cablePictures(site),
    guests: guestPictures(site),
    storages: storagePictures(site),
    tasks: taskPictures(hosts),
    log: events.slice(-SHOWN.lines).reverse(),
    rehearsal: rehearsal(site, hosts, speed),
  };
}

function hostPicture(site: Site, host: HostState): HostPicture {
  const { name, address, role, bootsAt, bootedAt, linkMbit, node } = host;
  const on = site.hardware.isOn(name);
  return {
    name,
    address,
    role,
    power: on ? "on" : bootsAt === undefined ? "off" : "booting",
    since: on ? bootedAt : (bootsAt ?? bootedAt),
    plugged: site.hardware.isPlugged(name),
    linkMbit: linkMbit ?? null,
    services: servicePictures(host),
    ...(on && node ? { node: nodePicture(site, name, node) } : {}),
  };
}

function servicePictures({ role, packages, services }: HostState): ServicePicture[] {
  return Object.entries(UNITS[role])
    .map(([unit, debian]) => ({ unit, debian, running: services.includes(unit) }))
    .filter(({ debian, running }) => running || debian === undefined || packages.includes(debian))
    .map(({ unit, running }) => ({ unit, running }));
}

function nodePicture(site: Site, name: string, { cpus, memory }: NodeState): NodePicture {
  return {
    cluster: site.pmxcfs(name).corosync?.clusterName ?? null,
    quorum: quorumPicture(site, name),
    ha: haPicture(site, name),
    cpus,
    cpu: Number(nodeStatus(site, name, name).cpu),
    memory: { used: memoryUsed(site, name), total: memory },
    rootDisk: rootDisk(site, name),
  };
}

function quorumPicture(site: Site, name: string): QuorumPicture {
  const { expected, total, quorum, quorate } = site.quorum.votes(name);
  const device = site.pmxcfs(name).corosync?.qdevice;
  return {
    quorate,
    votes: total,
    expected,
    needed: quorum,
    members: site.members(name).filter((other) => site.quorum.sees(name, other)),
    device: device ? site.quorum.view(name).deviceVotes : null,
  };
}

function haPicture(site: Site, name: string): HaPicture {
  const memory = site.state.haMemory?.nodes[name];
  return {
    crm: memory?.crm?.state ?? null,
    lrm: memory?.lrm?.state ?? null,
    mode: memory?.lrm?.mode ?? null,
    watchdog: Object.keys(memory?.watchdog.clients ?? {}).length > 0,
  };
}

function cablePictures(site: Site): CablePicture[] {
  const names = Object.keys(site.state.hosts).sort();
  const cut = new Set(site.hardware.cuts().map((pair) => [...pair].sort().join(" ")));
  return names.flatMap((a, index) =>
    names
      .slice(index + 1)
      .map((b): CablePicture => ({ between: [a, b], connected: !cut.has(`${a} ${b}`) })),
  );
}

function taskPictures(hosts: HostState[]): TaskPicture[] {
  return hosts
    .flatMap((host) => host.node?.tasks.slice(-SHOWN.tasks) ?? [])
    .sort(runningThenNewest)
    .slice(0, SHOWN.tasks)
    .map(({ upid, node, type, id, user, starttime, endtime, exitstatus }) => ({
      upid,
      node,
      type,
      id,
      user,
      start: starttime * 1000,
      end: endtime === undefined ? null : endtime * 1000,
      status: exitstatus ?? "running",
      failed: exitstatus !== undefined && !/^(OK$|WARNINGS: )/.test(exitstatus),
    }));
}

function runningThenNewest(one: TaskState, other: TaskState): number {
  const running = ({ exitstatus }: TaskState): number => (exitstatus === undefined ? 1 : 0);
  return running(other) - running(one) || other.starttime - one.starttime || other.pid - one.pid;
}

function rehearsal(site: Site, hosts: HostState[], speed: number): Rehearsal {
  return {
    speed,
    api: Object.entries(site.state.apiFaults ?? {})
      .map(([node, { delayMs, failRate }]) => ({ node, delayMs, failRate }))
      .filter(({ delayMs, failRate }) => delayMs > 0 || failRate > 0),
    disks: hosts.flatMap((host) =>
      [ROOT_DISK, ...exportsAt(site, host)].map((path) => ({
        host: host.name,
        path,
        full: isDiskFull(site, host.name, path),
      })),
    ),
  };
}
