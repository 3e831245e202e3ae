import {
  digestOf,
  requireGuest,
  requireUnlocked,
  requireWritable,
  typedConfig,
} from "../../guests/config";
import { checkNewCt, CREATE_ONLY, createCt, destroyCt, updateCt } from "../../guests/ct";
import { CT_NET, CT_OPTIONS, MOUNT, mountOf, VOLUMES } from "../../guests/ctOptions";
import { requireCtPrivileges } from "../../guests/ctPrivileges";
import { growDrive, wantedSize } from "../../guests/drives";
import { isRunning, startGuest, stopGuest } from "../../guests/power";
import { guestStatus } from "../../guests/status";
import { requireFree } from "../../guests/vm";
import { configKeys } from "../../guests/vmPrivileges";
import type { Guest } from "../../state/types";
import { requireVolumeAccess } from "../../storage/volumeAccess";
import { requireVolume } from "../../storage/volumes";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die, noQuorum, PveError } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import { choice, flag, optional, standard, text } from "../schema";
import { checkDestroy, forgetGuest, powerEndpoints } from "./guestPower";

const TYPE = "lxc";
const guestPath = { node: standard.node, vmid: standard.vmid };
const audit: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Audit"]] };

export const lxcEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/lxc",
    parameters: { node: standard.node },
    permissions: { user: "all" },
    proxyto: "node",
    handle: ({ site, node, caller }) =>
      Object.values(site.pmxcfs(node).guests)
        .filter((guest) => guest.type === TYPE && guest.node === node)
        .filter((guest) => site.access.holds(node, caller, `/vms/${guest.vmid}`, "VM.Audit"))
        .map((guest) => ({ type: TYPE, ...guestStatus(site, guest) })),
  },
  {
    method: "POST",
    path: "/nodes/{node}/lxc",
    parameters: {
      ...guestPath,
      ...CT_OPTIONS,
      bwlimit: optional({ type: "number", minimum: 0 }),
      force: optional(flag()),
      "ignore-unpack-errors": optional(flag()),
      ostemplate: text({ maxLength: 255 }),
      password: optional(text({ minLength: 5 })),
      pool: optional(text()),
      restore: optional(flag()),
      "ssh-public-keys": optional(text()),
      start: optional(flag()),
      storage: optional(standard.storage),
      unique: optional(flag()),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: newCt,
  },
  {
    method: "GET",
    path: "/nodes/{node}/lxc/{vmid}/config",
    parameters: { ...guestPath, current: optional(flag()), snapshot: optional(text()) },
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) =>
      typedConfig(requireGuest(site, node, TYPE, Number(params.vmid)), CT_OPTIONS),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/lxc/{vmid}/config",
    parameters: {
      ...guestPath,
      ...CT_OPTIONS,
      // The provider repeats this key once a property.
      delete: optional(text({ format: "pve-configid-list" })),
      digest: standard.digest,
      revert: optional(text()),
    },
    permissions: {
      check: [
        "perm",
        "/vms/{vmid}",
        [
          "VM.Config.Disk",
          "VM.Config.CPU",
          "VM.Config.Memory",
          "VM.Config.Network",
          "VM.Config.Options",
        ],
        { any: 1 },
      ],
    },
    proxyto: "node",
    handle: (call) => {
      const { site, node, params } = call;
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      requireUnlocked(guest);
      requireUnchanged(guest, params.digest);
      const unprivileged = guest.config.unprivileged === "1";
      const keys = configKeys(call, REQUEST);
      requireCtPrivileges(call, guest.vmid, keys, unprivileged, guest.config);
      const options = Object.fromEntries(
        Object.entries(params).filter(([key]) => !REQUEST.includes(key)),
      );
      updateCt(site, guest, options, splitList(String(params.delete ?? "")));
      return null;
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/lxc/{vmid}/resize",
    parameters: {
      ...guestPath,
      digest: standard.digest,
      disk: choice(...VOLUMES),
      size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Config.Disk"]] },
    proxyto: "node",
    handle: resize,
  },
  {
    method: "GET",
    path: "/nodes/{node}/lxc/{vmid}/interfaces",
    parameters: guestPath,
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      return isRunning(site, guest) ? interfaces(guest) : [];
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/lxc/{vmid}",
    parameters: {
      ...guestPath,
      "destroy-unreferenced-disks": optional(flag()),
      force: optional(flag()),
      purge: optional(flag()),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Allocate"]] },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      checkDestroy(call, guest);
      return site.tasks.start(node, "vzdestroy", String(guest.vmid), caller.name, (log) => {
        checkDestroy(call, guest);
        requireWritable(site, guest);
        if (isRunning(site, guest)) {
          log.info(`forced to stop CT ${guest.vmid} before destroying!`);
          stopGuest(site, guest);
        }
        destroyCt(site, guest, params["destroy-unreferenced-disks"] === 1);
        forgetGuest(call, guest);
      });
    },
  },
  ...powerEndpoints(TYPE),
];

/** Keys of requests about a container that are not its configuration's. */
const REQUEST = ["delete", "digest", "node", "revert", "vmid", ...CREATE_ONLY];

function newCt(call: Call): string {
  const { site, node, caller, params } = call;
  const vmid = Number(params.vmid);
  const { node: _node, ...options } = params;
  const unprivileged = params.unprivileged !== 0;
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  if (!unprivileged) site.access.require(node, caller, "/", ["Sys.Modify"]);
  requireFree(site, node, TYPE, vmid);
  if (params.pool !== undefined) {
    throw new PveError(403, `Permission check failed (pool '${params.pool}' does not exist)`);
  }
  if (!site.access.holds(node, caller, `/vms/${vmid}`, "VM.Allocate")) {
    throw new PveError(403, "Permission check failed");
  }
  const keys = configKeys(call, [...REQUEST, "unprivileged"]);
  requireCtPrivileges(call, vmid, keys, unprivileged);
  requireVolumeAccess(site, node, caller, String(params.ostemplate), vmid);
  checkNewCt(site, node, options);
  return site.tasks.start(node, "vzcreate", String(vmid), caller.name, (log) => {
    const guest = createCt(site, node, vmid, options);
    log.info(`extracting archive '${String(params.ostemplate)}'`);
    if (params.start === 1) startGuest(site, guest);
  });
}

/** A container says before its task what is wrong with the size. */
function resize({ site, node, caller, params }: Call): string {
  const guest = requireGuest(site, node, TYPE, Number(params.vmid));
  requireUnlocked(guest);
  requireUnchanged(guest, params.digest);
  const disk = String(params.disk);
  const before = guest.config[disk];
  if (before === undefined) throw die(`no volume '${disk}' in config`);
  const { volume = "" } = parsePropertyString(before, MOUNT);
  const path = `/storage/${volume.split(":")[0] ?? ""}`;
  site.access.require(node, caller, path, ["Datastore.AllocateSpace"]);
  const now = requireVolume(site, node, volume).size;
  const wanted = wantedSize(now, String(params.size));
  if (wanted < now) throw die("unable to shrink disk size");
  if (wanted === now) throw die("disk is already at specified size");
  requireWritable(site, guest);
  return site.tasks.start(node, "resize", String(guest.vmid), caller.name, () => {
    const place = { site, node, vmid: guest.vmid };
    const grown = growDrive(place, before, String(params.size), mountOf(disk));
    if (grown !== undefined) guest.config[disk] = grown;
  });
}

function requireUnchanged(guest: Guest, digest: unknown): void {
  if (digest !== undefined && digest !== digestOf(guest.config)) {
    throw die("detected modified configuration - file changed by other user? Try again.");
  }
}

/** Addresses as the container's own tools would tell; one from DHCP is made from the VMID. */
function interfaces(guest: Guest): Record<string, unknown>[] {
  const loopback = {
    name: "lo",
    hwaddr: "00:00:00:00:00:00",
    "ip-addresses": [address("127.0.0.1/8")],
  };
  const cards = Object.entries(guest.config)
    .filter(([key]) => /^net\d+$/.test(key))
    .map(([, value]) => parsePropertyString(value, CT_NET))
    .map((card) => {
      const ip = card.ip === "dhcp" ? `192.168.18.${(guest.vmid % 100) + 100}/24` : card.ip;
      const fixed = ip && ip !== "manual" ? [address(ip)] : [];
      return {
        name: card.name,
        hwaddr: card.hwaddr?.toLowerCase(),
        inet: ip,
        "ip-addresses": fixed,
      };
    });
  return [loopback, ...cards];
}

function address(cidr: string): Record<string, string> {
  const [ip = "", prefix = "24"] = cidr.split("/");
  return { "ip-address": ip, "ip-address-type": "inet", prefix };
}
