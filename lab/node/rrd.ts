import { guestStatus } from "../guests/status";
import { memoryUsed, rootDisk } from "../guests/nodeStatus";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest } from "../state/types";

/** Seconds between two points, and how many there are (PVE::RRD). */
const TIMEFRAMES: Record<string, readonly [number, number]> = {
  hour: [60, 60],
  day: [60, 1440],
  week: [1800, 336],
  month: [1800, 1440],
  year: [6 * 3600, 1440],
  decade: [7 * 86_400, 570],
};

type Point = Record<string, number>;

/**
 * Points of a time frame as `rrddata` answers them. Nothing is recorded: since `from` (epoch seconds) everything was as
 * `now`, and before there is only the time, as where rrdcached has no value.
 */
function series(site: Site, timeframe: string, from: number, now: Point): Point[] {
  const [step, count] = TIMEFRAMES[timeframe] ?? [60, 60];
  const end = step * Math.floor(seconds(site.clock) / step);
  return Array.from({ length: count }, (_, index) => {
    const time = end - step * (count - index);
    return time >= from ? { time, ...now } : { time };
  });
}

export function nodeSeries(site: Site, node: string, timeframe: string): Point[] {
  const { cpus, memory } = site.nodeState(node);
  const root = rootDisk(site, node);
  const used = memoryUsed(site, node);
  return series(site, timeframe, Math.ceil(site.host(node).bootedAt / 1000), {
    cpu: 0.02,
    iowait: 0,
    loadavg: 0.1,
    maxcpu: cpus,
    memtotal: memory,
    memused: used,
    memavailable: memory - used,
    swaptotal: 0,
    swapused: 0,
    roottotal: root.total,
    rootused: root.used,
    netin: 0,
    netout: 0,
  });
}

export function guestSeries(site: Site, guest: Guest, timeframe: string): Point[] {
  const status = guestStatus(site, guest);
  const keys = [
    "cpu",
    "mem",
    "maxmem",
    "disk",
    "maxdisk",
    "netin",
    "netout",
    "diskread",
    "diskwrite",
  ];
  const values = keys.map((key): [string, number] => [key, Number(status[key] ?? 0)]);
  const since = seconds(site.clock) - Number(status.uptime ?? 0);
  const running = status.status === "running";
  return series(site, timeframe, running ? since : Number.POSITIVE_INFINITY, {
    ...Object.fromEntries(values),
    maxcpu: Number(status.cpus ?? 0),
  });
}

export function storageSeries(site: Site, node: string, id: string, timeframe: string): Point[] {
  const { active, total, used } = site.storages.status(node, id);
  const from = active ? Math.ceil(site.host(node).bootedAt / 1000) : Number.POSITIVE_INFINITY;
  return series(site, timeframe, from, { total, used });
}
