import { GUEST_BRIDGE } from "../network/names";
import { interfaceSteps } from "../network/steps";
import type { NfsPlan, StoragePlan } from "../storage/plan";
import type { Step, StepsPlan } from "./steps";

/** What is done on every node once Proxmox VE is on it, before there is a cluster. */
export function nodeSteps({ cluster, storages }: StepsPlan): Step[] {
  const { nodes, storageWait } = cluster;
  const networks = interfaceSteps(nodes);
  return nodes.flatMap(({ name, address, watchdog, interfaces }) => {
    const mounted = mountedOn(name, storages);
    const servers = [...new Set(mounted.map(({ server }) => server))].sort();
    // Pulumi hands the storages over by name, other readers as the file has them.
    const exports = mounted.map(exportLine).sort().join("\n");
    const step = (what: string, script: string, variables: Record<string, string>): Step => ({
      name: `${what}-${name}`,
      host: name,
      script,
      variables,
      after: [`install-${name}`],
    });
    return [
      step("bridge", "network/bridge", { ADDRESS: address, BRIDGE: GUEST_BRIDGE }),
      ...networks.filter(({ host }) => host === name),
      {
        ...step("exports", "storage/exports", { EXPORTS: exports }),
        after: [interfaces.length > 0 ? `network-${name}` : `install-${name}`],
      },
      step("watchdog", "cluster/watchdog", { WATCHDOG: watchdog }),
      step("waits", "storage/waits", { SERVERS: servers.join(" "), MINUTES: String(storageWait) }),
      step("vzdump", "backup/vzdump", {}),
    ];
  });
}

/** The NFS storages that a node mounts. */
function mountedOn(node: string, storages: StoragePlan[]): NfsPlan[] {
  return storages.flatMap((storage) => {
    const mounts = storage.type === "nfs" && !storage.disabled;
    return mounts && (storage.nodes?.includes(node) ?? true) ? [storage] : [];
  });
}

/** Storage, server, directory, version of NFS or `-`, content: none of them has a blank in it. */
function exportLine({ id, server, export: directory, options = "", content }: NfsPlan): string {
  const version = /(?:^|,)vers=([^,]+)/.exec(options)?.[1] ?? "-";
  return [id, server, directory, version, content.join(",")].join(" ");
}
