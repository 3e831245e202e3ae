import type { Call } from "../api/endpoint";
import { PveError } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import { requireVolumeAccess } from "../storage/volumeAccess";
import { CT_NET, MOUNT, MOUNT_KEY } from "./ctOptions";

/**
 * Checks `keys`, which are set in the call's parameters or else deleted from `before`
 * (PVE::LXC::check_ct_modify_config_perm).
 */
export function requireCtPrivileges(
  call: Call,
  vmid: number,
  keys: string[],
  unprivileged: boolean,
  before: Record<string, string> = {},
): void {
  const { site, node, caller, params } = call;
  if (caller.name === "root@pam") return;
  const need = (privilege: string): void =>
    site.access.require(node, caller, `/vms/${vmid}`, [privilege]);
  for (const key of keys) {
    const value = params[key] === undefined ? undefined : String(params[key]);
    if (/^(cores|cpulimit|cpuunits)$/.test(key)) need("VM.Config.CPU");
    else if (/^(memory|swap)$/.test(key)) need("VM.Config.Memory");
    else if (/^(nameserver|searchdomain|hostname)$/.test(key)) need("VM.Config.Network");
    else if (/^net\d+$/.test(key)) {
      need("VM.Config.Network");
      for (const text of [before[key], value]) if (text) requireBridge(call, text);
    } else if (MOUNT_KEY.test(key)) {
      need("VM.Config.Disk");
      if (value !== undefined) requireMount(call, vmid, value);
    } else if (/^dev\d+$/.test(key)) {
      throw rootOnly("configuring device passthrough is only allowed for root@pam");
    } else if (key === "hookscript") {
      throw rootOnly("changing the hookscript is only allowed for root@pam");
    } else if (key === "features") {
      if (!unprivileged) {
        throw rootOnly(
          "changing feature flags for privileged container is only allowed for root@pam",
        );
      }
      const changed = changedFeatures(before[key], value);
      if (changed.some((feature) => feature !== "nesting")) {
        throw rootOnly("changing feature flags (except nesting) is only allowed for root@pam");
      }
      if (changed.length > 0) need("VM.Allocate");
    } else need("VM.Config.Options");
  }
}

function requireMount({ site, node, caller }: Call, vmid: number, value: string): void {
  const { volume = "" } = parsePropertyString(value, MOUNT);
  if (volume.startsWith("/")) {
    const kind = volume.startsWith("/dev/") ? "device" : "bind";
    throw rootOnly(`mount point type ${kind} is only allowed for root@pam`);
  }
  const storage = /^(?:([^/:\s]+):)?\d+(?:\.\d+)?$/.exec(volume);
  if (!storage) requireVolumeAccess(site, node, caller, volume, vmid);
  else if (storage[1] !== undefined) {
    site.access.require(node, caller, `/storage/${storage[1]}`, ["Datastore.AllocateSpace"]);
  }
}

/** An interface also needs the right to use its bridge, or the one VLAN on it. */
function requireBridge({ site, node, caller }: Call, value: string): void {
  const { bridge, tag } = parsePropertyString(value, CT_NET);
  if (bridge === undefined) return;
  const path = `/sdn/zones/localnetwork/${bridge}`;
  site.access.require(node, caller, tag === undefined ? path : `${path}/${tag}`, ["SDN.Use"]);
}

function changedFeatures(before: string | undefined, after: string | undefined): string[] {
  const read = (text = ""): Map<string, string> =>
    new Map(
      text
        .split(",")
        .filter((part) => part.trim() !== "")
        .map((part): [string, string] => {
          const [name = "", value = ""] = part.split(/=(.*)/s);
          return [name, value];
        }),
    );
  const [old, now] = [read(before), read(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (feature) => old.get(feature) !== now.get(feature),
  );
}

function rootOnly(what: string): PveError {
  return new PveError(403, `Permission check failed (${what})`);
}
