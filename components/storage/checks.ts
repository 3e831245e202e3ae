import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import { storageUses } from "../guest/storageUses";
import type { Problem } from "../problems";
import type { Guest, Storage } from "../schema";
import { type Content, FILES, KINDS } from "./kinds";
import { LOCAL_STORAGES } from "./places";

type Path = Problem["path"];

export function namesOfStorages({ storages }: DraftSite): Problem[] {
  return Object.keys(storages ?? {})
    .filter((id) => Object.hasOwn(LOCAL_STORAGES, id))
    .flatMap((id) =>
      problem(
        ["storages", id],
        "every Proxmox VE node has a storage of this name; give this one another",
      ),
    );
}

/** Servers that the site has an entry for, and nodes that it has. */
export function hostsOfStorages(site: DraftSite): Problem[] {
  return entries(site.storages).flatMap(([id, storage]) => [
    ...serverProblem(site, id, storage),
    ...(storage.nodes ?? []).flatMap((name, index) =>
      missing(["storages", id, "nodes", index], "node", name, site.nodes),
    ),
  ]);
}

/** A name with a dot, or an address, may be that of any machine. */
function serverProblem({ hosts }: DraftSite, id: string, storage: Draft<Storage>): Problem[] {
  if (!("server" in storage) || storage.server === undefined) return [];
  if (storage.type !== "nfs" && storage.server.includes(".")) return [];
  return missing(["storages", id, "server"], "host", storage.server, hosts);
}

export function storagesOfGuests(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) =>
    storageUses(site, guest).flatMap(({ path, storage, content }) => {
      const place = ["guests", key, ...path];
      const problems = storageProblem(site, place, storage, content);
      return problems.length > 0 ? problems : absence(site, place, storage, guest);
    }),
  );
}

/** The storage is not there on a node that the guest is for. */
function absence(
  { storages }: DraftSite,
  path: Path,
  name: string | undefined,
  guest: Draft<Guest>,
): Problem[] {
  if (name === undefined || !storages || !Object.hasOwn(storages, name)) return [];
  const having = storages[name]?.nodes;
  if (having === undefined || having.includes(undefined)) return [];
  const wanted = [guest.node, ...Object.keys(guest.ha?.nodes ?? {})];
  const without = [...new Set(wanted)].filter((node) => node && !having.includes(node));
  if (without.length === 0) return [];
  return problem(
    path,
    `storage ${name} is not on ${without.join(", ")}, where the guest is to run; choose another, or add to storages.${name}.nodes`,
  );
}

/** Why `content` cannot lie on the storage that stands at `path`. */
export function storageProblem(
  { storages }: DraftSite,
  path: Path,
  name: string | undefined,
  content: Content,
): Problem[] {
  if (name === undefined || storages === undefined) return [];
  if (Object.hasOwn(LOCAL_STORAGES, name)) {
    if (LOCAL_STORAGES[name]?.includes(content)) return [];
    return problem(path, `storage ${name} does not hold ${content}; choose another`);
  }
  if (!Object.hasOwn(storages, name)) {
    return missing(path, "storage", name, { ...storages, ...LOCAL_STORAGES });
  }
  if (storages[name]?.disabled === true) {
    return problem(path, `storage ${name} is disabled; choose another, or enable it`);
  }
  const offered: readonly (Content | undefined)[] | undefined = storages[name]?.content;
  if (offered === undefined || offered.includes(content)) return [];
  const type = storages[name]?.type;
  const holds: readonly Content[] = type === undefined ? FILES : KINDS[type].content;
  const remedy = holds.includes(content)
    ? `add it to storages.${name}.content`
    : `one of type ${type} cannot; choose another`;
  return problem(path, `storage ${name} does not hold ${content}; ${remedy}`);
}
