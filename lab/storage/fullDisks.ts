import type { Site } from "../site";
import type { HostState } from "../state/types";

/** A host's own file system; `local` of a node lies there. */
export const ROOT_DISK = "/";

/** Directories that a host exports over NFS, each with a disk of its own. */
export function exportsAt(site: Site, host: HostState): string[] {
  const prefix = `${host.address}:`;
  return Object.keys(site.state.exports)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .sort();
}

/** Whether nothing more can be written to the disk at `path`, an export or `/`. */
export function isDiskFull(site: Site, host: string, path: string): boolean {
  return site.state.fullDisks?.[host]?.includes(path) ?? false;
}

export function setDiskFull(site: Site, host: string, path: string, full: boolean): void {
  const others = (site.state.fullDisks?.[host] ?? []).filter((other) => other !== path);
  const paths = full ? [...others, path].sort() : others;
  const { [host]: _before, ...rest } = site.state.fullDisks ?? {};
  const disks = paths.length > 0 ? { ...rest, [host]: paths } : rest;
  if (Object.keys(disks).length > 0) site.state.fullDisks = disks;
  else delete site.state.fullDisks;
}
