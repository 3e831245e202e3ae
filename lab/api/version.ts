import type { HostState } from "../state/types";

/** Releases of Proxmox VE that a node can be of; while a cluster is upgraded its nodes differ. */
export type Release = 8 | 9;

interface Version {
  /** Of pve-manager, as `GET /version` and `pveversion` tell. */
  version: string;
  release: string;
  repoid: string;
}

export const VERSIONS: Record<Release, Version> = {
  8: { version: "8.4.14", release: "8.4", repoid: "b502d23c55afcba1" },
  9: { version: "9.1.3", release: "9.1", repoid: "d7cb1b1f5cbd2c1d" },
};

/** The kernel that a node of the release runs. */
export const KERNELS: Record<Release, string> = { 8: "6.8.12-17-pve", 9: "6.17.2-1-pve" };

/** The release whose API and daemons a host has. */
export function releaseOf({ release }: Pick<HostState, "release">): Release {
  return release ?? 9;
}

/** `pve-manager/9.1.3/d7cb1b1f5cbd2c1d`. */
export function managerVersion(release: Release): string {
  const { version, repoid } = VERSIONS[release];
  return `pve-manager/${version}/${repoid}`;
}
