import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import type { Problem } from "../problems";
import type { Site } from "../schema";
import { normalPath } from "./plan";

type Permission = Draft<Site["access"]["permissions"][number]>;

const PLACES = ["path", "guest", "pool", "storage"] as const;

/** Storages that every installation has. */
const INSTALLED = { local: {}, "local-lvm": {}, "local-zfs": {} };

/** Paths that Proxmox VE knows (PVE::AccessControl, check_path). */
const PATHS = [
  /^\/$/,
  /^\/access(\/(groups|realm)(\/[\w.-]+)?)?$/,
  /^\/nodes(\/[\w.-]+)?$/,
  /^\/pool(\/[\w.-]+){0,3}$/,
  /^\/sdn(\/(controllers|dns|fabrics|ipams)(\/[\w-]+)?)?$/,
  /^\/sdn\/zones(\/[\w.-]+){0,2}$/,
  /^\/sdn\/zones(\/[\w.-]+){2}\/[1-9]\d{0,3}$/,
  /^\/storage(\/[\w.-]+)?$/,
  /^\/vms(\/[1-9]\d{2,})?$/,
  /^\/mapping(\/[\w.-]+){0,2}$/,
];

/** Each permission is given at one place, which is there. */
export function placesOfPermission(
  site: DraftSite,
  path: Problem["path"],
  given: Permission,
): Problem[] {
  const named = PLACES.filter((key) => given[key] !== undefined);
  if (named.length !== 1) {
    if (named.length === 0 && PLACES.some((key) => key in given)) return [];
    return problem(
      path,
      `name one of ${PLACES.slice(0, -1).join(", ")} and storage, where it counts`,
    );
  }
  const storages = site.storages && { ...site.storages, ...INSTALLED };
  return [
    ...missing([...path, "guest"], "guest", given.guest, site.guests),
    ...missing([...path, "pool"], "pool", given.pool, site.pools),
    ...missing([...path, "storage"], "storage", given.storage, storages),
    ...(given.path === undefined ? [] : written(site, [...path, "path"], given.path)),
  ];
}

/** What a path names is looked up like what stands under a key of its own. */
function written(site: DraftSite, where: Problem["path"], path: string): Problem[] {
  const normal = normalPath(path);
  if (!PATHS.some((pattern) => pattern.test(normal))) {
    return problem(
      where,
      `Proxmox VE has no path ${normal}; they begin with /access, /nodes, /vms, /storage, /pool, /sdn or /mapping`,
    );
  }
  const [, kind, name] = normal.split("/");
  if (name === undefined) return [];
  const storages = site.storages && { ...site.storages, ...INSTALLED };
  switch (kind) {
    case "vms":
      if (
        site.guests === undefined ||
        entries(site.guests).some(([, { vmid }]) => vmid === Number(name))
      ) {
        return [];
      }
      return problem(
        where,
        `no guest has the VMID ${name}; name one of guests by its key: guest: web`,
      );
    case "pool":
      return missing(where, "pool", normal.slice("/pool/".length), site.pools);
    case "storage":
      return missing(where, "storage", name, storages);
    case "nodes":
      return missing(where, "node", name, site.nodes);
    default:
      return [];
  }
}

/** The same role for the same one at the same place, told at each after the first. */
export function sameTwice(
  site: DraftSite,
  permissions: [Problem["path"], Permission][],
): Problem[] {
  const first = new Map<string, Problem["path"]>();
  return permissions.flatMap(([path, given]) => {
    const place = placeOf(site, given);
    const who = given.user ?? given.group ?? given.token;
    if (place === undefined || who === undefined || given.role === undefined) return [];
    const key = JSON.stringify([place, who, given.group !== undefined, given.role]);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, path);
      return [];
    }
    return problem(path, `${other.join(".")} gives ${who} the same role there; keep one of both`);
  });
}

function placeOf(site: DraftSite, given: Permission): string | undefined {
  if (given.path !== undefined) return normalPath(given.path);
  if (given.pool !== undefined) return `/pool/${given.pool}`;
  if (given.storage !== undefined) return `/storage/${given.storage}`;
  if (given.guest === undefined || !Object.hasOwn(site.guests ?? {}, given.guest)) return undefined;
  const vmid = site.guests?.[given.guest]?.vmid;
  return vmid === undefined ? undefined : `/vms/${vmid}`;
}
