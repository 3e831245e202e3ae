import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import { storageUses } from "../guest/storageUses";
import type { Problem } from "../problems";
import type { Guest } from "../schema";
import { KINDS } from "../storage/kinds";
import { LOCAL_STORAGES } from "../storage/places";
import { jobNumber } from "./plan";

type Path = Problem["path"];

/** What Proxmox VE would refuse, and what would copy nothing. */
export function replicas(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) => {
    const targets = Object.keys(guest.replicate ?? {});
    if (targets.length === 0) return [];
    return [
      ...targets.flatMap((target) => targetProblems(site, ["guests", key], guest, target)),
      ...numbers(["guests", key, "replicate"], guest),
      ...disks(site, ["guests", key], guest, [guest.node, ...targets]),
    ];
  });
}

function targetProblems(
  { nodes }: DraftSite,
  path: Path,
  { node }: Draft<Guest>,
  target: string,
): Problem[] {
  const at = [...path, "replicate", target];
  if (target === node) {
    return problem(at, `${target} is the guest's home node; name another node`);
  }
  return missing(at, "node", target, nodes);
}

function numbers(path: Path, { replicate }: Draft<Guest>): Problem[] {
  const owner = new Map<number, string>();
  return entries(replicate).flatMap(([target, { number }]) => {
    const own = jobNumber(target, number);
    if (own === undefined) {
      return problem(
        [...path, target, "number"],
        "the node's name ends in no number; give the job one, as in 1",
      );
    }
    const other = owner.get(own);
    owner.set(own, other ?? target);
    if (other === undefined) return [];
    return problem(
      [...path, target, "number"],
      `${own} is also the number of the job to ${other}; give each its own`,
    );
  });
}

/** Copies are made from ZFS, to the storage of the same name on the target. What is shared needs none. */
function disks(
  site: DraftSite,
  path: Path,
  guest: Draft<Guest>,
  places: (string | undefined)[],
): Problem[] {
  const { storages } = site;
  const uses = storageUses(site, guest).filter(
    ({ storage, content }) =>
      storage !== undefined && (content === "images" || content === "rootdir"),
  );
  const problems = uses.flatMap(({ path: inGuest, storage: name = "" }) =>
    storageProblems(site, [...path, ...inGuest], name, places),
  );
  const isZfs = (name = ""): boolean => storages?.[name]?.type === "zfs";
  if (problems.length > 0 || uses.length === 0 || storages === undefined) return problems;
  if (uses.some(({ storage }) => isZfs(storage))) return [];
  // A name that there is not is told of elsewhere.
  if (uses.some(({ storage = "" }) => !storages[storage]?.type)) return [];
  return problem(
    [...path, "replicate"],
    "no disk of the guest lies on a storage of type zfs, and so there is nothing to copy; take this away",
  );
}

function storageProblems(
  { storages }: DraftSite,
  path: Path,
  name: string,
  places: (string | undefined)[],
): Problem[] {
  const storage = storages?.[name];
  const local = Object.hasOwn(LOCAL_STORAGES, name);
  if (storage?.type === "zfs") {
    const lacking = places.find(
      (place) => place !== undefined && storage.nodes?.includes(place) === false,
    );
    if (lacking === undefined) return [];
    return problem(
      path,
      `the guest is replicated between its node and others, and ${name} is not on ${lacking}; add it to storages.${name}.nodes`,
    );
  }
  const shared =
    storage?.type && (KINDS[storage.type].shared || ("shared" in storage && storage.shared));
  if (shared || (!local && !storage?.type)) return [];
  return problem(
    path,
    `the guest is replicated, which copies disks on storages of type zfs, and ${name} is none; choose one, or take replicate away`,
  );
}
