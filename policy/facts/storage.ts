import { hostWriter } from "./hosts";
import { type Known, need, UNKNOWN } from "./known";
import { LOCAL } from "./placement";
import type { DiskFacts, GuestFacts, SiteFacts, StorageFacts } from "./site";

export interface Placed {
  guest: GuestFacts;
  disk: DiskFacts;
  storage: string;
}

/** Data disks of `guests` with the storages that they lie on. Throws `NotKnown`. */
export function dataDisks(guests: GuestFacts[]): Placed[] {
  return guests.flatMap((guest) =>
    need(guest.disks, `the disks of ${guest.name} are`)
      .filter(({ data }) => data)
      .map((disk) => {
        const until = `the storage of ${guest.name}, ${disk.slot} is`;
        return { guest, disk, storage: need(disk.storage, until) };
      }),
  );
}

/** Storages by id. Throws `NotKnown`. */
export function storagesById(facts: SiteFacts): Map<string, StorageFacts> {
  return new Map(
    facts.storages.map((storage) => [need(storage.id, `the id of ${storage.name} is`), storage]),
  );
}

/** The host that serves a storage, in small letters; undefined for a node's own disks. Throws `NotKnown`. */
export function serverOf(storage: StorageFacts | undefined): string | undefined {
  if (!storage) return undefined;
  return need(storage.server, `the server of ${storage.name} is`)?.toLowerCase();
}

/** It lies on the disks of each node itself. Throws `NotKnown`. */
export function isOwnDisk(id: string, storages: Map<string, StorageFacts>): boolean {
  const storage = storages.get(id);
  return storage
    ? !need(storage.shared, `whether ${storage.name} is shared is`)
    : LOCAL.includes(id);
}

export interface Overlap {
  inner: StorageFacts;
  outer: StorageFacts;
  /** Both are the same directory. */
  same: boolean;
}

/** Storages whose export lies in another's on the same server, or is the same. Unknown ones are left out. */
export function overlappingExports(facts: Pick<SiteFacts, "storages" | "clusters">): Overlap[] {
  const hostOf = hostWriter(facts);
  const found: Overlap[] = [];
  const outerOf = new Map<string, { path: string; storage: StorageFacts }>();
  const sorted = facts.storages
    .flatMap((storage) => {
      const { type, server, export: path } = storage;
      if (isUnset(server) || isUnset(path)) return [];
      // A Windows share is the same in upper and lower case.
      const written = folder(type === "cifs" ? path.toLowerCase() : path);
      return [{ server: `${type} ${hostOf(server)}`, path: written, storage }];
    })
    // A folder comes before all that lies in it.
    .sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  for (const { server, path, storage } of sorted) {
    const outer = outerOf.get(server);
    if (outer && path.startsWith(outer.path)) {
      found.push({ inner: storage, outer: outer.storage, same: path === outer.path });
    } else {
      outerOf.set(server, { path, storage });
    }
  }
  return found;
}

function isUnset(value: Known<string | undefined>): value is typeof UNKNOWN | undefined {
  return value === UNKNOWN || value === undefined;
}

/** With one slash at its end, so that `/a/b` does not begin `/a/bc`. */
function folder(path: string): string {
  return `${path.replace(/\/+/g, "/").replace(/\/$/, "")}/`;
}
