/** What runs where when a node is gone. All amounts in MiB. */

export interface Host {
  name: string;
  /** For guests, after the reserve. */
  room: number;
}

export interface Load {
  name: string;
  need: number;
  home: string;
  /** Nodes that HA may put it on; undefined where it stays at home whatever happens. */
  allowed: string[] | undefined;
}

/** What one node would run. */
export interface Overload {
  lost: string;
  host: Host;
  /** The guests that would run there. */
  loads: Load[];
  total: number;
}

/** What QEMU takes beside a VM's memory. */
export const VM_OVERHEAD = 96;

/** What the nodes that are left would run when one is gone. */
export interface AfterLoss {
  lost: string;
  survivors: Overload[];
  /** The lost guests that no node takes. */
  stranded: Load[];
}

/**
 * What would run where after each loss of a node. The lost guests go, the largest first, to where most room is left, as
 * the HA manager's scheduler balances them; guests without a node left stay away.
 */
export function afterEachLoss(hosts: Host[], guests: Load[]): AfterLoss[] {
  const atHome = new Map(hosts.map(({ name }) => [name, [] as Load[]]));
  for (const guest of guests) atHome.get(guest.home)?.push(guest);
  return hosts.map((lost) => {
    const stranded: Load[] = [];
    const survivors = hosts
      .filter((host) => host !== lost)
      .map((host) => {
        const loads = [...(atHome.get(host.name) ?? [])];
        return { lost: lost.name, host, loads, total: sum(loads) };
      });
    for (const guest of [...(atHome.get(lost.name) ?? [])].sort((a, b) => b.need - a.need)) {
      const places = survivors.filter(({ host }) => guest.allowed?.includes(host.name));
      const [first, ...others] = places;
      if (!first) {
        stranded.push(guest);
        continue;
      }
      const left = ({ host, total }: Overload): number => host.room - total;
      const roomiest = others.reduce(
        (best, next) => (left(next) > left(best) ? next : best),
        first,
      );
      roomiest.loads.push(guest);
      roomiest.total += guest.need;
    }
    return { lost: lost.name, survivors, stranded };
  });
}

/** Nodes that would have more to run than room when another is gone. */
export function overloadsAfterLoss(hosts: Host[], guests: Load[]): Overload[] {
  return afterEachLoss(hosts, guests).flatMap(({ survivors }) =>
    survivors.filter(({ host, total }) => total > host.room),
  );
}

function sum(loads: Load[]): number {
  return loads.reduce((total, { need }) => total + need, 0);
}

/** MiB as GiB: `2.75 GiB`, `3.2 GiB`. Loads round up and room down, so that what does not fit never reads as if it did. */
export function gibibytes(mebibytes: number, round = Math.ceil): string {
  return `${round((mebibytes / 1024) * 100) / 100} GiB`;
}
