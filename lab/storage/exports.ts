import { hostTraits } from "../node/hostTraits";
import type { Site } from "../site";
import type { StorageConfig } from "../state/types";

/** Key in `LabState.exports`: the NAS knows its export by its own address. */
export function exportKey(config: StorageConfig): string {
  return config.type === "cifs"
    ? `//${config.server}/${config.share}`
    : `${config.server}:${config.export}`;
}

/** Exports of a server; undefined when it gives no answer to `node`. */
export function exportsOf(site: Site, node: string, server: string): string[] | undefined {
  const host = site.hostAt(server);
  if (!host?.services.includes("nfs-server")) return undefined;
  if (!site.hardware.canReach(node, host.name)) return undefined;
  const prefix = `${host.address}:`;
  return Object.keys(site.state.exports)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .sort();
}

/** The same as `showmount` gets them, which a server of NFS 4 alone does not answer. */
export function listedExports(site: Site, node: string, server: string): string[] | undefined {
  const host = site.hostAt(server);
  return host && hostTraits(host).mountd ? exportsOf(site, node, server) : undefined;
}

/** Why `node` cannot use a storage of another machine, in PVE's words. A mount that hangs looks no different. */
export function remoteProblem(
  site: Site,
  node: string,
  id: string,
  config: StorageConfig,
): string | undefined {
  const { server = "" } = config;
  const offline = `storage '${id}' is not online`;
  switch (config.type) {
    case "nfs": {
      const exported = exportsOf(site, node, server);
      // PVE::Storage::NFSPlugin asks showmount, unless the options say NFS 4.
      const asked = /(?:^|,)(?:nfs)?vers=4/.test(config.options ?? "")
        ? exported
        : listedExports(site, node, server);
      if (!exported || !asked) return offline;
      if (exported.includes(config.export ?? "")) return undefined;
      return `mount error: mount.nfs: access denied by server while mounting ${server}:${config.export}`;
    }
    case "cifs": {
      const host = site.hostAt(server);
      const serves = host?.services.includes("smbd") && site.hardware.canReach(node, host.name);
      return serves ? undefined : offline;
    }
    case "pbs":
      // No machine of the lab is a backup server.
      return `${id}: error fetching datastores - 500 Can't connect to ${server}:${config.port ?? 8007} (Connection timed out)`;
    default:
      return undefined;
  }
}
