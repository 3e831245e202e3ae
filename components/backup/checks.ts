import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import type { Problem } from "../problems";
import type { Backup } from "../schema";
import { storageProblem } from "../storage/checks";

export function storagesOfBackups(site: DraftSite): Problem[] {
  return entries(site.backups).flatMap(([id, { storage, fleecing }]) => [
    ...storageProblem(site, ["backups", id, "storage"], storage, "backup"),
    ...storageProblem(site, ["backups", id, "fleecing", "storage"], fleecing?.storage, "images"),
  ]);
}

/** What a job takes along must be said once, and exist. */
export function selectionsOfBackups(site: DraftSite): Problem[] {
  return entries(site.backups).flatMap(([id, backup]) => {
    const path = ["backups", id];
    return [
      ...oneSelection(path, backup),
      ...named(site, [...path, "guests"], Array.isArray(backup.guests) ? backup.guests : []),
      ...named(site, [...path, "except"], backup.except ?? []),
      ...missing([...path, "pool"], "pool", backup.pool, site.pools),
      ...missing([...path, "node"], "node", backup.node, site.nodes),
      ...everyoneLeftOut(site, path, backup),
    ];
  });
}

function oneSelection(path: string[], backup: Draft<Backup>): Problem[] {
  const { guests, pool, except } = backup;
  // A value that is wrong by itself has left a hole.
  if (guests === undefined && pool === undefined) {
    if ("guests" in backup || "pool" in backup) return [];
    return problem(
      path,
      "nothing says what is backed up; write guests: all, a list, or pool: NAME",
    );
  }
  if (guests !== undefined && pool !== undefined) {
    return problem(
      [...path, "pool"],
      "guests says already what is backed up; take one of both away",
    );
  }
  if (except === undefined || guests === "all") return [];
  return problem(
    [...path, "except"],
    guests === undefined
      ? "Proxmox VE takes no guest out of a pool for a backup; take it out of the pool, or list guests"
      : "only guests: all has exceptions; take these out of the list of guests, or write all",
  );
}

function named(site: DraftSite, path: string[], keys: (string | undefined)[]): Problem[] {
  return keys.flatMap((key, index) => missing([...path, index], "guest", key, site.guests));
}

function everyoneLeftOut(
  { guests }: DraftSite,
  path: string[],
  { except, guests: chosen }: Draft<Backup>,
): Problem[] {
  const keys = Object.keys(guests ?? {});
  if (chosen !== "all" || except === undefined || keys.length === 0) return [];
  if (!keys.every((key) => except.includes(key))) return [];
  return problem(
    [...path, "except"],
    "every guest of the site is left out; name fewer, or remove the job",
  );
}

/** Both storages of a copy, and the node that makes it. */
export function copiesFit(site: DraftSite): Problem[] {
  return entries(site.copies).flatMap(([id, { from, to, node }]) => {
    const path = ["copies", id];
    return [
      ...storageProblem(site, [...path, "from"], from, "backup"),
      ...storageProblem(site, [...path, "to"], to, "backup"),
      ...fileStorage(site, [...path, "from"], from),
      ...fileStorage(site, [...path, "to"], to),
      ...missing([...path, "node"], "node", node, site.nodes),
      ...(from !== undefined && from === to
        ? problem([...path, "to"], `${to} is what is copied; choose another storage`)
        : []),
      ...([from, to].some((name) => isOwn(site, name)) && node === undefined
        ? problem(
            path,
            "a storage that each node has for itself is among them; say which node copies: node: NAME",
          )
        : []),
      ...withoutJob(site, [...path, "from"], from),
    ];
  });
}

/** Each node has files of its own there. */
function isOwn({ storages }: DraftSite, name: string | undefined): boolean {
  const storage = storages?.[name ?? ""];
  return name === "local" || (storage?.type === "directory" && storage.shared !== true);
}

function fileStorage({ storages }: DraftSite, path: string[], name: string | undefined): Problem[] {
  const type: string | undefined = storages?.[name ?? ""]?.type;
  if (type !== "pbs") return [];
  return problem(
    path,
    `${name} is a Proxmox Backup Server, whose backups are no files; let a backup job write to a second one, or sync it there`,
  );
}

function withoutJob({ backups }: DraftSite, path: string[], from: string | undefined): Problem[] {
  if (from === undefined || backups === undefined) return [];
  // A job with a hole may be the one.
  const jobs = Object.values(backups);
  if (jobs.some((job) => job?.storage === undefined || job.storage === from)) return [];
  return problem(
    path,
    `no backup job writes to ${from}, so there is nothing to copy; correct one of them`,
  );
}
