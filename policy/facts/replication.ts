import { type Known, need, UNKNOWN } from "./known";
import { whyNotShared } from "./placement";
import type { DiskFacts, GuestFacts, ReplicationFacts, SiteFacts, StorageFacts } from "./site";

/** The local storage of an installation on ZFS. */
const INSTALLED = "local-zfs";

/** Volumes of a guest that nodes have a copy of, and no share. Throws `NotKnown`. */
export function copiedDisks(facts: SiteFacts, guest: GuestFacts, nodes: string[]): DiskFacts[] {
  return need(guest.disks, "its disks are").filter((disk) => {
    const id = need(disk.storage, `the storage of ${disk.slot} is`);
    const shared = whyNotShared(facts, id, nodes) === undefined;
    return !shared && whyNotThere(facts, guest, disk, nodes) === undefined;
  });
}

/** Why a volume of a guest is not there on all of `nodes`, shared or replicated; undefined when it is. Throws `NotKnown`. */
export function whyNotThere(
  facts: SiteFacts,
  guest: GuestFacts,
  disk: DiskFacts,
  nodes: string[],
): string | undefined {
  const id = need(disk.storage, "its storage is");
  const reason = need(whyNotShared(facts, id, nodes), "its storage is");
  if (reason === undefined) return undefined;
  const jobs = jobsOf(facts, guest);
  return jobs.length === 0 ? reason : whyNotReplicated(facts, guest, disk, { id, nodes, jobs });
}

function whyNotReplicated(
  facts: SiteFacts,
  guest: GuestFacts,
  { replicated }: DiskFacts,
  { id, nodes, jobs }: { id: string; nodes: string[]; jobs: ReplicationFacts[] },
): string | undefined {
  const storage = facts.storages.find((candidate) => candidate.id === id);
  // What the next node gets is a ZFS snapshot (PVE::Storage::ZFSPoolPlugin, the only one with the feature).
  if (storage ? storage.type !== "zfspool" : id !== INSTALLED)
    return `${id} is local to each node, and replication copies ZFS only`;
  if (!need(replicated, "whether it is replicated is"))
    return `${id} is local to each node, and replication leaves it out`;
  const targets = new Set([need(guest.node, "its node is")]);
  for (const { name, target } of jobs) targets.add(need(target, `the target of ${name} is`));
  const missed = nodes.filter((node) => !targets.has(node) || (storage && !isOn(storage, node)));
  if (missed.length === 0) return undefined;
  return `${id} is local to each node, and replication does not reach ${missed.join(", ")}`;
}

function isOn({ name, nodes, disabled }: StorageFacts, node: string): boolean {
  if (need(disabled, `whether ${name} is disabled is`)) return false;
  return need(nodes, `the nodes of ${name} are`)?.includes(node) ?? true;
}

/** Replication jobs of a guest that run. Throws `NotKnown`. */
export function jobsOf({ replications }: SiteFacts, { vmid }: GuestFacts): ReplicationFacts[] {
  const byGuest = indexed(replications);
  const own = byGuest.get(String(need(vmid, "its VMID is"))) ?? [];
  return [...own, ...(byGuest.get(UNKNOWN) ?? [])].filter(({ name, guest, disabled }) => {
    if (need(disabled, `whether ${name} is disabled is`)) return false;
    need(guest, `the guest of ${name} is`);
    return true;
  });
}

/** Without this, time would grow with the square of the number of guests. */
const indexes = new WeakMap<ReplicationFacts[], Map<Known<string>, ReplicationFacts[]>>();

function indexed(replications: ReplicationFacts[]): Map<Known<string>, ReplicationFacts[]> {
  const known = indexes.get(replications);
  if (known) return known;
  const made = new Map<Known<string>, ReplicationFacts[]>();
  for (const job of replications) {
    const others = made.get(job.guest);
    if (others) others.push(job);
    else made.set(job.guest, [job]);
  }
  indexes.set(replications, made);
  return made;
}
