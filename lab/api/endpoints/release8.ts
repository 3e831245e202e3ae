import type { Call, Endpoint, Permissions } from "../endpoint";
import {
  choice,
  flag,
  optional,
  type Parameters,
  propertyString,
  type Schema,
  text,
} from "../schema";

/** Paths that came with release 9 (pve-ha-manager 4.0.7 and 5.2.0, API2/HA). */
const SINCE_9 = [
  "/cluster/ha/rules",
  "/cluster/ha/rules/{rule}",
  "/cluster/ha/status/arm-ha",
  "/cluster/ha/status/disarm-ha",
];

/** Parameters that came with release 9, by path. */
const PARAMETERS_SINCE_9: Record<string, readonly string[]> = {
  // pve-ha-manager 4.0.7, HA/Resources.pm
  "/cluster/ha/resources": ["failback"],
  "/cluster/ha/resources/{sid}": ["failback", "purge"],
  // pve-cluster 9.1.0
  "/cluster/config": ["token-coefficient"],
  // Proxmox VE 9.0's release notes: snapshots as volume chains
  "/storage": ["snapshot-as-volume-chain"],
  "/storage/{storage}": ["snapshot-as-volume-chain"],
};

/** Keys of property strings that came with release 9, by parameter. */
const KEYS_SINCE_9: Record<string, readonly string[]> = {
  // Proxmox VE 9.1's release notes
  "net[n]": ["host-managed"],
};

/** Parameters that release 8 declares otherwise (pve-access-control 8.2.2, AccessControl.pm; pve-cluster 8, DataCenterConfig.pm). */
const OTHER_PARAMETERS: Record<string, Parameters> = {
  "/cluster/options": {
    crs: optional(
      propertyString({
        ha: optional(choice("basic", "static")),
        "ha-rebalance-on-start": optional(flag()),
      }),
    ),
  },
  "/access/roles": { privs: optional(text({ format: "pve-priv-8-list" })) },
  "/access/roles/{roleid}": { privs: optional(text({ format: "pve-priv-8-list" })) },
};

/** The privilege of agent commands that are not named (qemu-server, API2/Qemu/Agent.pm). */
const AGENT: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Monitor"]] };
const AGENT_COMMANDS: Record<string, Permissions> = {
  shutdown: { check: ["perm", "/vms/{vmid}", ["VM.PowerMgmt"]] },
};

/** The API of a node of release 8: that of 9 without what is new in it. */
export function ofRelease8(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.filter(({ path }) => !SINCE_9.includes(path)).map(asOf8);
}

function asOf8(endpoint: Endpoint): Endpoint {
  const { method, path, parameters, permissions } = endpoint;
  const unknown = PARAMETERS_SINCE_9[path] ?? [];
  const known = Object.entries(parameters)
    .filter(([name]) => !unknown.includes(name))
    .map(([name, schema]) => [name, withoutKeys(schema, KEYS_SINCE_9[name] ?? [])]);
  const others = method === "POST" || method === "PUT" ? OTHER_PARAMETERS[path] : undefined;
  const agent = /\/agent\/(.+)$/.exec(path)?.[1];
  const allowed = agent === undefined ? permissions : (AGENT_COMMANDS[agent] ?? AGENT);
  return {
    ...endpoint,
    parameters: { ...Object.fromEntries(known), ...others },
    ...(allowed ? { permissions: allowed } : {}),
    ...behaviourOf8(endpoint),
  };
}

function withoutKeys(schema: Schema, keys: readonly string[]): Schema {
  if (keys.length === 0 || typeof schema.format !== "object") return schema;
  const kept = Object.entries(schema.format).filter(([key]) => !keys.includes(key));
  return { ...schema, format: Object.fromEntries(kept) };
}

/** What the same call does otherwise. */
function behaviourOf8({ method, path, handle }: Endpoint): Partial<Endpoint> {
  if (/^\/cluster\/ha\/resources\/\{sid\}\/(migrate|relocate)$/.test(path)) {
    const silent = async (call: Call): Promise<null> => {
      await handle(call);
      return null;
    };
    return { returns: "null", handle: silent };
  }
  // A container is privileged unless it is said (until pve-container 6.0.6).
  if (method === "POST" && path === "/nodes/{node}/lxc") {
    return {
      handle: (call) =>
        call.params.restore === 1
          ? handle(call)
          : handle({ ...call, params: { unprivileged: 0, ...call.params } }),
    };
  }
  return {};
}
