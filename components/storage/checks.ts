import { type DraftSite, entries, missing, problem } from "../draft";
import { storageUses } from "../guest/storageUses";
import type { Problem } from "../problems";
import type { Site } from "../schema";
import { LOCAL_STORAGES } from "./places";

type Content = Site["storages"][string]["content"][number];
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

export function storagesOfGuests(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) =>
    storageUses(guest).flatMap(({ path, storage, content }) =>
      storageProblem(site, ["guests", key, ...path], storage, content),
    ),
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
  const offered = storages[name]?.content;
  if (offered === undefined || offered.includes(content)) return [];
  return problem(
    path,
    `storage ${name} does not hold ${content}; add it to storages.${name}.content`,
  );
}
