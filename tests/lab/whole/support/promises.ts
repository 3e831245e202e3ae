import type { Site } from "../../../../lab/site";
import type { Pmxcfs, Volume } from "../../../../lab/state/types";

/** What a client was told is so, and must stay so: `config 100 description`, `ha vm:100 state`, `guest 100` … */
export type Place = string;

/** Volumes of the storage that takes the backups. */
const backups = (site: Site): Volume[] => site.storages.volumes("pve01", "Backup");

/** Reads each kind of place; undefined where nothing is. */
const READERS: Record<string, (config: Pmxcfs, id: string, key: string) => unknown> = {
  guest: (config, vmid) => (config.guests[vmid] ? "there" : undefined),
  config: (config, vmid, key) => {
    const guest = config.guests[vmid];
    if (guest?.pending?.delete[key] !== undefined) return undefined;
    return guest?.pending?.set[key] ?? guest?.config[key];
  },
  snapshot: (config, vmid, name) => (config.guests[vmid]?.snapshots?.[name] ? "there" : undefined),
  ha: (config, sid, key) => {
    const resource = config.ha.resources[sid] as Record<string, unknown> | undefined;
    return key === "" ? resource && "there" : resource?.[key];
  },
  rule: (config, name, key) => config.ha.rules[name]?.[key],
  storage: (config, id, key) =>
    key === "" ? config.storages[id] && "there" : config.storages[id]?.[key],
  pool: (config, id, key) => {
    const pool = config.pools?.[id];
    return key === "comment" ? pool?.comment : pool && "there";
  },
};

/** Acknowledged changes that nothing acknowledged later has replaced. */
export class Promises {
  private readonly kept = new Map<Place, unknown>();

  /** How many there have been. */
  made = 0;

  /** `value` undefined: it is gone, and with it everything below it. */
  keep(place: Place, value: unknown): void {
    this.made++;
    if (value === undefined) this.forget(place);
    this.kept.set(place, value);
  }

  /** Somebody else may change it now, the HA manager for one. */
  forget(place: Place): void {
    for (const known of this.kept.keys()) {
      if (known === place || known.startsWith(`${place} `)) this.kept.delete(known);
    }
  }

  /** The archives of a guest stay, too. */
  keepBackups(site: Site, vmid: number): void {
    for (const volume of backups(site)) {
      if (volume.vmid === vmid) this.keep(`backup ${volume.name}`, "there");
    }
  }

  lost(site: Site): string[] {
    const config = site.pmxcfs("pve01");
    const archives = new Map(backups(site).map(({ name }) => [name, "there"]));
    const problems: string[] = [];
    for (const [place, value] of this.kept) {
      const [kind = "", id = "", key = ""] = place.split(" ");
      const now = kind === "backup" ? archives.get(id) : READERS[kind]?.(config, id, key);
      if (now === value) continue;
      problems.push(`${place} was acknowledged as ${String(value)} and is ${String(now)}`);
    }
    return problems;
  }
}
