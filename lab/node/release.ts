import { type Release, releaseOf } from "../api/version";
import type { Site } from "../site";
import type { FileState, HostState } from "../state/types";
import { dpkgOf, newestOf, versionOf } from "../system/dpkg";
import { hasSuite } from "./apt";
import { suiteOf } from "./standardRepositories";

const DEBIAN: Record<Release, { number: string; version: string; name: string }> = {
  8: { number: "12", version: "12.12", name: "bookworm" },
  9: { number: "13", version: "13.1", name: "trixie" },
};

/** The files by which a host tells its Debian; Proxmox VE 8 stands on 12, 9 on 13. */
export function debianFiles(release: Release): Record<string, FileState> {
  const { number, version, name } = DEBIAN[release];
  const file = (content: string): FileState => ({ content, mode: 0o644 });
  return {
    "/etc/debian_version": file(`${version}\n`),
    "/etc/os-release": file(
      `PRETTY_NAME="Debian GNU/Linux ${number} (${name})"\nID=debian\nVERSION_ID="${number}"\n`,
    ),
  };
}

/**
 * What `apt-get dist-upgrade` makes of a node whose package sources name release 9. False when there is nothing newer.
 * Guests run on, and daemons go on as those of the new release.
 */
export function upgradeNode(site: Site, host: HostState): boolean {
  if (!host.node || releaseOf(host) === 9) return false;
  if (!hasSuite(site, host.name, suiteOf(9))) return false;
  const versions = host.packages.map((name) => [name, versionOf(host, name)] as const);
  delete host.release;
  const older = versions.filter(([name, version]) => (newestOf(host, name) ?? version) !== version);
  dpkgOf(host).versions = { ...host.dpkg?.versions, ...Object.fromEntries(older) };
  Object.assign(host.files, debianFiles(9));
  site.store.touch();
  return true;
}
