import type { Site } from "../site";
import type { HostState } from "../state/types";
import { exportsOf } from "../storage/exports";
import { pathOf } from "../storage/types";

/** A mount that somebody has made by hand; it is gone with the next boot. */
export interface HandMount {
  source: string;
  target: string;
  options: string;
  /** `bootedAt` of the host at that time. */
  bootedAt: number;
}

export interface NfsMount {
  /** `server:/export` as it was mounted. */
  source: string;
  target: string;
  options: string;
  server: string;
  path: string;
}

/** How an NFS server exports what nothing else is said of. */
const EXPORT_OPTIONS = "rw,sync,no_subtree_check,no_root_squash";
const DEFAULTS =
  "rw,relatime,vers=4.2,rsize=1048576,wsize=1048576,hard,proto=tcp,timeo=600,retrans=2,sec=sys";

/** NFS mounts of a host: those of the cluster's storages, then those by hand. */
export function mountsOf(site: Site, host: HostState): NfsMount[] {
  const stored = host.node
    ? site.storages.usableOn(host.name).flatMap((id): NfsMount[] => {
        const config = site.storages.config(host.name, id);
        if (config.type !== "nfs") return [];
        const { server = "", export: path = "" } = config;
        const target = pathOf(id, config);
        return [{ source: `${server}:${path}`, target, options: DEFAULTS, server, path }];
      })
    : [];
  const byHand = (host.mounts ?? [])
    .filter(({ bootedAt }) => bootedAt === host.bootedAt)
    .map(({ source, target, options }) => {
      const [server = "", path = ""] = source.split(/:(.*)/s);
      return { source, target, options: withDefaults(options), server, path };
    });
  return [...stored, ...byHand];
}

/** What the kernel shows: what was asked for, and its own values for the rest. */
function withDefaults(given: string): string {
  const asked = given.split(",").filter((option) => !/^(rw|retry=)/.test(option));
  const keyOf = (option: string): string => option.split("=")[0] ?? "";
  const kinds = asked.map((option) => (/^(soft|hard)$/.test(option) ? "hard" : keyOf(option)));
  const rest = DEFAULTS.split(",").filter((option) => !kinds.includes(keyOf(option)));
  return [...rest, ...asked].join(",");
}

/** The mount in which a path lies. */
export function mountAt(site: Site, host: HostState, path: string): NfsMount | undefined {
  return mountsOf(site, host)
    .filter(({ target }) => path === target || path.startsWith(`${target}/`))
    .sort((a, b) => b.target.length - a.target.length)[0];
}

export function mountAnswers(site: Site, host: HostState, { server, path }: NfsMount): boolean {
  return exportsOf(site, host.name, server)?.includes(path) ?? false;
}

/** Key in `LabState.exports` and `exportFiles`. */
export function exportOf(site: Site, { server, path }: NfsMount): string {
  return `${site.hostAt(server)?.address ?? server}:${path}`;
}

/** Options of an export, as `exportfs` has them. */
export function exportOptions(site: Site, key: string): string {
  return site.state.exportOptions?.[key] ?? EXPORT_OPTIONS;
}

/** Whether root of another machine may not write or change owners there. */
export function isSquashed(site: Site, mount: NfsMount): boolean {
  const options = exportOptions(site, exportOf(site, mount)).split(",");
  return options.includes("ro") || !options.includes("no_root_squash");
}
