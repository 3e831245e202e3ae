import { requireGuest, requireWritable, typedConfig } from "../../guests/config";
import { checkNewCt, createCt, destroyCt, updateCt } from "../../guests/ct";
import { CT_NET, CT_OPTIONS, CT_ROOT_ONLY, ctPrivilege, MOUNT } from "../../guests/ctOptions";
import { growDrive } from "../../guests/drives";
import { isRunning, startGuest } from "../../guests/power";
import { guestStatus } from "../../guests/status";
import type { Guest } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die, PveError } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import { flag, optional, standard, text } from "../schema";
import { checkDestroy, powerEndpoints, purgeReferences } from "./guestPower";

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
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Allocate"]] },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const vmid = Number(params.vmid);
      const { node: _node, ...options } = params;
      requirePrivileges(call, vmid);
      checkNewCt(site, node, vmid, options);
      return site.tasks.start(node, "vzcreate", String(vmid), caller.name, (log) => {
        const guest = createCt(site, node, vmid, options);
        log.info(`extracting archive '${String(params.ostemplate)}'`);
        if (params.start === 1) startGuest(site, guest);
      });
    },
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
      const { node: _n, vmid, delete: removed, digest: _d, revert: _r, ...options } = call.params;
      const guest = requireGuest(call.site, call.node, TYPE, Number(vmid));
      requirePrivileges(call, guest.vmid);
      updateCt(call.site, guest, options, splitList(String(removed ?? "")));
      return null;
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/lxc/{vmid}/resize",
    parameters: {
      ...guestPath,
      digest: standard.digest,
      disk: text(),
      size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Config.Disk"]] },
    proxyto: "node",
    handle: ({ site, node, caller, params }) => {
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      requireWritable(site, guest);
      const disk = String(params.disk);
      const before = guest.config[disk];
      if (before === undefined) throw die(`no volume '${disk}' in config`);
      return site.tasks.start(node, "resize", String(guest.vmid), caller.name, () => {
        const place = { site, node, vmid: guest.vmid };
        guest.config[disk] = growDrive(place, before, String(params.size), MOUNT);
      });
    },
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
      return site.tasks.start(node, "vzdestroy", String(guest.vmid), caller.name, () => {
        destroyCt(site, guest);
        if (params.purge === 1) purgeReferences(call, guest);
      });
    },
  },
  ...powerEndpoints(TYPE),
];

function requirePrivileges({ site, node, caller, params, sent }: Call, vmid: number): void {
  const root = caller.name === "root@pam";
  for (const key of [...sent, ...splitList(String(params.delete ?? ""))]) {
    if (CT_ROOT_ONLY.includes(key) && !root) {
      throw new PveError(403, `only root can set '${key}' config`);
    }
    if (CT_OPTIONS[key] === undefined && !/\d+$/.test(key)) continue;
    site.access.require(node, caller, `/vms/${vmid}`, [ctPrivilege(key)]);
    if (key === "startup") site.access.require(node, caller, "/", ["Sys.Modify"]);
    const value = String(params[key] ?? "");
    const bridge = /^net\d+$/.test(key) && /bridge=([^,]+)/.exec(value)?.[1];
    if (bridge) site.access.require(node, caller, `/sdn/zones/localnetwork/${bridge}`, ["SDN.Use"]);
    const storage = /^(?:volume=)?([^,:=]+):/.exec(value)?.[1];
    if (storage && ctPrivilege(key) === "VM.Config.Disk") {
      site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
    }
    if (key === "features" && !root && !/^nesting=[01],?$/.test(value)) {
      throw new PveError(
        403,
        "changing feature flags (except nesting) is only allowed for root@pam",
      );
    }
  }
  const unprivileged = params.unprivileged ?? 1;
  if (sent.includes("ostemplate") && unprivileged === 0) {
    site.access.require(node, caller, "/", ["Sys.Modify"]);
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
