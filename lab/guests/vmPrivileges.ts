import type { Call } from "../api/endpoint";
import { badParameters, die } from "../api/errors";
import { splitList } from "../api/formats";
import { parsePropertyString } from "../api/propertyString";
import { contentOf } from "../storage/types";
import { requireVolumeAccess } from "../storage/volumeAccess";
import { parseName, parseVolumeId } from "../storage/volumes";
import { NEW_DISK } from "./drives";
import { SHARED_DIRECTORY } from "./vmFormats";
import { DRIVE, DRIVE_KEY, NET } from "./vmOptions";

/** Keys and the privilege that each needs (PVE::API2::Qemu, check_vm_modify_config_perm). */
const PRIVILEGES: Record<string, readonly string[]> = {
  "VM.Config.CPU": ["cores", "cpu", "cpulimit", "cpuunits", "numa", "smp", "sockets", "vcpus"],
  "VM.Config.Memory": ["memory", "balloon", "shares", "allow-ksm"],
  "VM.Config.HWType": [
    "acpi",
    "audio0",
    "hotplug",
    "kvm",
    "machine",
    "rng0",
    "scsihw",
    "smbios1",
    "tablet",
    "vga",
    "watchdog",
  ],
  "VM.Config.Options": [
    "agent",
    "autostart",
    "bios",
    "description",
    "keyboard",
    "localtime",
    "migrate_downtime",
    "migrate_speed",
    "name",
    "onboot",
    "ostype",
    "protection",
    "reboot",
    "startdate",
    "startup",
    "tags",
    "tdf",
    "template",
  ],
  "VM.PowerMgmt": ["freeze"],
  "VM.Config.Disk": ["boot", "bootdisk", "vmstatestorage"],
};
const CLOUD_INIT = [
  "cicustom",
  "cipassword",
  "citype",
  "ciuser",
  "ciupgrade",
  "nameserver",
  "searchdomain",
  "sshkeys",
];

/** Checks `keys`, which are set in the call's parameters or else deleted from `before`. */
export function requireVmPrivileges(
  call: Call,
  vmid: number,
  keys: string[],
  before: Record<string, string> = {},
): void {
  if (call.caller.name === "root@pam") return;
  for (const key of keys) {
    const values = [before[key], call.params[key]].filter((value) => value !== undefined);
    // What is not there is deleted without a question.
    if (values.length === 0 && /^(serial|usb|hostpci)\d+$/.test(key)) continue;
    if (DRIVE_KEY.test(key)) {
      for (const value of values) requireDrivePrivilege(call, vmid, String(value));
    } else if (/^virtiofs\d+$/.test(key)) {
      requireOf(call, vmid, ["VM.Config.Disk"]);
      for (const value of values) requireMapping(call, String(value));
    } else if (/^net\d+$/.test(key)) {
      requireOf(call, vmid, ["VM.Config.Network"]);
      for (const value of values) requireBridge(call, String(value));
    } else requireOf(call, vmid, privilegesFor(key, String(values.at(-1) ?? "")));
    if (key === "startup") call.site.access.require(call.node, call.caller, "/", ["Sys.Modify"]);
  }
}

/** On the VM itself, or for a new one on the pool that it is to be in. */
function requireOf(
  { site, node, caller, params }: Call,
  vmid: number,
  anyOf: readonly string[],
): void {
  const pool = params.pool === undefined ? undefined : `/pool/${params.pool}`;
  const held = (privilege: string): boolean =>
    pool !== undefined && site.access.holds(node, caller, pool, privilege);
  if (anyOf.some(held)) return;
  site.access.require(node, caller, `/vms/${vmid}`, anyOf, anyOf.length > 1);
}

function privilegesFor(key: string, value: string): readonly string[] {
  if (CLOUD_INIT.includes(key) || /^ipconfig\d+$/.test(key)) {
    return ["VM.Config.Cloudinit", "VM.Config.Network"];
  }
  if (/^unused\d+$/.test(key)) return ["VM.Config.Disk"];
  if (/^numa\d+$/.test(key)) return ["VM.Config.CPU"];
  if (/^(serial|usb|hostpci)\d+$/.test(key)) {
    // What is not of the host itself.
    if (/^(socket|spice|.*mapping=.*)$/.test(value)) return ["VM.Config.HWType"];
    const devices = key.startsWith("hostpci") ? "non-mapped devices" : "real devices";
    throw die(`only root can set '${key}' config for ${devices}`);
  }
  const found = Object.entries(PRIVILEGES).find(([, keys]) => keys.includes(key))?.[0];
  if (found === undefined) throw die(`only root can set '${key}' config`);
  return [found];
}

function requireDrivePrivilege(call: Call, vmid: number, value: string): void {
  const { file = "", media } = parsePropertyString(value, DRIVE);
  if (/:(cloudinit$|.*vm-\d+-cloudinit)/.test(file)) {
    requireOf(call, vmid, ["VM.Config.Cloudinit"]);
    requireOf(call, vmid, ["VM.Config.CDROM"]);
  } else if (media === "cdrom" || file === "none" || file === "cdrom") {
    requireOf(call, vmid, ["VM.Config.CDROM"]);
  } else requireOf(call, vmid, ["VM.Config.Disk"]);
}

/** A network card also needs the right to use its bridge, or the one VLAN on it. */
function requireBridge({ site, node, caller }: Call, value: string): void {
  const { bridge, tag } = parsePropertyString(value, NET);
  if (bridge === undefined) return;
  const path = `/sdn/zones/localnetwork/${bridge}`;
  site.access.require(node, caller, tag === undefined ? path : `${path}/${tag}`, ["SDN.Use"]);
}

/** A shared directory also needs the right to use its mapping. */
function requireMapping({ site, node, caller }: Call, value: string): void {
  const { dirid = "" } = parsePropertyString(value, SHARED_DIRECTORY);
  site.access.require(node, caller, `/mapping/dir/${dirid}`, ["Mapping.Use"]);
}

/** Whether the caller may use the volumes and storages that drives name (check_storage_access). */
export function checkDriveStorages(call: Call, vmid: number): void {
  const { site, node, caller, params } = call;
  for (const [key, value] of Object.entries(params)) {
    if (!DRIVE_KEY.test(key)) continue;
    const drive = parsePropertyString(String(value), DRIVE);
    const { file = "", "import-from": source } = drive;
    if (source !== undefined) requireVolumeAccess(site, node, caller, source, vmid);
    if (file === "none" || /(^|:)cloudinit$/.test(file)) continue;
    if (file === "cdrom") {
      site.access.require(node, caller, "/", ["Sys.Console"]);
      continue;
    }
    const storage = NEW_DISK.exec(file)?.[1];
    if (storage !== undefined && drive.media !== "cdrom") {
      site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
      if (!contentOf(site.storages.config(node, storage)).includes("images")) {
        throw badParameters({ storage: `storage '${storage}' does not support vm images` });
      }
      continue;
    }
    requireVolumeAccess(site, node, caller, file, vmid);
    const { storage: id, name } = parseVolumeId(file);
    const { type } = site.storages.config(node, id);
    if (!["images", "iso"].includes(parseName(type, name).content)) {
      throw badParameters({ [key]: "content type needs to be 'images' or 'iso'" });
    }
  }
}

/** The keys of a call that are the guest's, not the request's. */
export function configKeys({ sent, params }: Call, requestOnly: readonly string[]): string[] {
  const set = sent.filter((key) => !requestOnly.includes(key));
  return [...set, ...splitList(String(params.delete ?? ""))];
}
