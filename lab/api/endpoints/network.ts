import { isIPv6 } from "node:net";
import { portsOf } from "../../network/check";
import {
  applyInterfaces,
  readInterfaces,
  revertInterfaces,
  stageInterfaces,
} from "../../network/files";
import type { Interface } from "../../network/interfaces";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, type Parameters, standard, text, whole } from "../schema";
import type { Values } from "../verify";

const audit: Permissions = { check: ["perm", "/nodes/{node}", ["Sys.Audit"]] };
const modify: Permissions = { check: ["perm", "/nodes/{node}", ["Sys.Modify"]] };

const TYPES = "bridge bond eth alias vlan fabric OVSBridge OVSBond OVSPort OVSIntPort vnet".split(
  " ",
);
const MODES =
  "balance-rr active-backup balance-xor broadcast 802.3ad balance-tlb balance-alb balance-slb lacp-balance-slb lacp-balance-tcp";

const node = standard.node;
const iface = text({ format: "pve-iface", minLength: 2, maxLength: 20 });
const name = optional(text({ format: "pve-iface" }));
const names = optional(text({ format: "pve-iface-list" }));
const ipv4 = optional(text({ format: "ipv4" }));
const ipv6 = optional(text({ format: "ipv6" }));

const fields: Parameters = {
  type: choice(...TYPES, "unknown"),
  address: ipv4,
  address6: ipv6,
  autostart: optional(flag()),
  "bond-primary": name,
  bond_mode: optional(choice(...MODES.split(" "))),
  bond_xmit_hash_policy: optional(choice("layer2", "layer2+3", "layer3+4")),
  bridge_ports: names,
  bridge_vids: optional(text({ format: "pve-vlan-id-or-range-list" })),
  bridge_vlan_aware: optional(flag()),
  cidr: optional(text({ format: "CIDRv4" })),
  cidr6: optional(text({ format: "CIDRv6" })),
  comments: optional(text()),
  comments6: optional(text()),
  gateway: ipv4,
  gateway6: ipv6,
  mtu: optional(whole(1280, 65_520)),
  netmask: optional(text({ format: "ipv4mask" })),
  netmask6: optional(whole(0, 128)),
  ovs_bonds: names,
  ovs_bridge: name,
  ovs_options: optional(text({ maxLength: 1024 })),
  ovs_ports: names,
  ovs_tag: optional(whole(1, 4094)),
  slaves: names,
  "vlan-id": optional(whole(1, 4094)),
  "vlan-raw-device": name,
};

/** A node's interfaces. Changes are staged in `interfaces.new` until PUT applies or DELETE drops them. */
export const networkEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/network",
    returns: "array",
    parameters: {
      node,
      type: optional(choice(...TYPES, "any_bridge", "any_local_bridge", "include_sdn")),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: listInterfaces,
  },
  {
    method: "POST",
    path: "/nodes/{node}/network",
    returns: "null",
    parameters: { node, iface, ...fields },
    permissions: modify,
    proxyto: "node",
    handle: (call) => {
      const config = readInterfaces(call.site, call.node);
      const { ifaces } = config;
      const { name: created, sent } = named(call);
      if (ifaces[created]) throw badParameters({ iface: "interface already exists" });
      ifaces[created] = checked(ifaces, created, sent);
      stageInterfaces(call.site, call.node, config);
      return null;
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/network",
    returns: "string",
    parameters: { node, "regenerate-frr": optional(flag()) },
    permissions: modify,
    proxyto: "node",
    handle: ({ site, node: where, caller }) =>
      site.tasks.start(where, "srvreload", "networking", caller.name, () =>
        applyInterfaces(site, where),
      ),
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/network",
    returns: "null",
    parameters: { node },
    permissions: modify,
    proxyto: "node",
    handle: ({ site, node: where }) => {
      revertInterfaces(site, where);
      return null;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/network/{iface}",
    returns: "object",
    parameters: { node, iface },
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node: where, params }) =>
      requireInterface(readInterfaces(site, where).ifaces, String(params.iface)),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/network/{iface}",
    returns: "null",
    parameters: {
      node,
      iface,
      delete: optional(text({ format: "pve-configid-list" })),
      ...fields,
    },
    permissions: modify,
    proxyto: "node",
    handle: (call) => {
      const config = readInterfaces(call.site, call.node);
      const { name: changed, sent, remove } = named(call);
      const before = { ...requireInterface(config.ifaces, changed) };
      for (const key of remove) {
        const suffix = key === "cidr6" ? "6" : "";
        const keys = key.startsWith("cidr") ? [key, `address${suffix}`, `netmask${suffix}`] : [key];
        for (const gone of keys) delete before[gone];
      }
      // How it gets its addresses follows from this request alone: without one it becomes manual.
      config.ifaces[changed] = { ...before, ...checked(config.ifaces, changed, sent) };
      stageInterfaces(call.site, call.node, config);
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/network/{iface}",
    returns: "null",
    parameters: { node, iface },
    permissions: modify,
    proxyto: "node",
    handle: ({ site, node: where, params }) => {
      const config = readInterfaces(site, where);
      requireInterface(config.ifaces, String(params.iface));
      delete config.ifaces[String(params.iface)];
      stageInterfaces(site, where, config);
      return null;
    },
  },
];

function listInterfaces(call: Call): Record<string, unknown>[] {
  const { site, node: where, caller, params } = call;
  const { ifaces } = readInterfaces(site, where);
  const wanted = String(params.type ?? "include_sdn");
  const bridges = wanted === "any_bridge" || wanted === "any_local_bridge";
  const mayUse = (bridge: string): boolean =>
    ["SDN.Audit", "SDN.Use"].some((privilege) =>
      site.access.holds(where, caller, `/sdn/zones/localnetwork/${bridge}`, privilege),
    );
  return Object.entries(ifaces)
    .filter(([key]) => key !== "lo")
    .filter(([, { type }]) => {
      if (wanted === "include_sdn") return true;
      return bridges ? type === "bridge" : type === wanted;
    })
    .filter(([key, { type }]) => type !== "bridge" || mayUse(key))
    .map(([key, found]) => ({ iface: key, ...found }));
}

function requireInterface(ifaces: Record<string, Interface>, key: string): Interface {
  const found = ifaces[key];
  if (!found) throw badParameters({ iface: "interface does not exist" });
  return found;
}

function named({ params }: Call): { name: string; sent: Values; remove: string[] } {
  const { node: _node, iface: key, delete: removed, ...sent } = params;
  return { name: String(key), sent, remove: splitList(String(removed ?? "")) };
}

/** What was sent, checked against the other interfaces, with what follows from its addresses. */
function checked(ifaces: Record<string, Interface>, key: string, sent: Values): Interface {
  const others = Object.entries(ifaces).filter(([other]) => other !== key);
  for (const [gateway, words] of [
    ["gateway", "Default gateway"],
    ["gateway6", "Default ipv6 gateway"],
  ] as const) {
    const holder = others.find(([, other]) => other[gateway]);
    if (sent[gateway] && holder) {
      throw badParameters({ [gateway]: `${words} already exists on interface '${holder[0]}'.` });
    }
  }
  const ports = portsOf(sent);
  for (const [other, found] of others) {
    const shared = portsOf(found).find((port) => ports.includes(port));
    const list = ["bridge_ports", "ovs_ports", "slaves", "ovs_bonds"].find((one) => sent[one]);
    if (shared !== undefined && list) {
      throw badParameters({ [list]: `${shared} is already used on interface '${other}'.` });
    }
  }
  if (String(sent.type).startsWith("OVS")) {
    throw die("Open VSwitch is not installed (need package 'openvswitch-switch')");
  }
  const fields_ = withAddresses(sent);
  const vids = sent.bridge_vids;
  if (vids !== undefined) {
    const list = splitList(String(vids));
    if (list.length === 0) throw badParameters({ bridge_vids: "VLAN list items are empty" });
    fields_.bridge_vids = list.join(" ");
  }
  const families = ["inet", "inet6"].filter((_, six) => fields_[six ? "address6" : "address"]);
  return {
    ...fields_,
    type: String(sent.type),
    families: families.length > 0 ? families : ["inet"],
    method: fields_.address ? "static" : "manual",
    method6: fields_.address6 ? "static" : "manual",
  };
}

/** `cidr` and `cidr6` taken apart. */
function withAddresses(sent: Values): Record<string, string | number> {
  const result = { ...sent };
  for (const suffix of ["", "6"] as const) {
    const cidr = result[`cidr${suffix}`];
    if (cidr === undefined || cidr === "") continue;
    for (const key of [`address${suffix}`, `netmask${suffix}`]) {
      if (result[key]) throw badParameters({ [key]: `${key} conflicts with cidr${suffix}` });
    }
    const [address = "", bits = ""] = String(cidr).split("/");
    result[`address${suffix}`] = address;
    result[`netmask${suffix}`] = bits;
    delete result[`cidr${suffix}`];
  }
  if (result.address6 && !isHostAddress(String(result.address6))) {
    throw badParameters({ address: `${result.address6} is not a valid host IPv6 address.` });
  }
  return result;
}

/** Neither unspecified, loopback nor multicast. */
function isHostAddress(address: string): boolean {
  return isIPv6(address) && !/^(::1?|ff.*)$/i.test(address);
}
