import {
  certificateFingerprint,
  memoryUsed,
  nodeStatus,
  rootDisk,
  uptime,
} from "../../guests/nodeStatus";
import { BRIDGE } from "../../guests/power";
import { seconds } from "../../seams/clock";
import type { Endpoint, Permissions } from "../endpoint";
import { choice, optional, standard } from "../schema";
import { VERSION } from "../version";

const audit: Permissions = { check: ["perm", "/nodes/{node}", ["Sys.Audit"]] };

export const nodeEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/version",
    parameters: {},
    permissions: { user: "all" },
    handle: () => VERSION,
  },
  {
    method: "GET",
    path: "/nodes",
    parameters: {},
    permissions: { user: "all" },
    handle: ({ site, node }) =>
      site.members(node).map((name) => ({
        type: "node",
        ...nodeStatus(site, node, name),
        ssl_fingerprint: certificateFingerprint(site.nodeState(name).certificate.certificate),
      })),
  },
  {
    method: "GET",
    path: "/nodes/{node}/version",
    parameters: { node: standard.node },
    permissions: { user: "all" },
    proxyto: "node",
    handle: () => VERSION,
  },
  {
    method: "GET",
    path: "/nodes/{node}/status",
    parameters: { node: standard.node },
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node }) => {
      const state = site.nodeState(node);
      const root = rootDisk(site, node);
      const used = memoryUsed(site, node);
      return {
        uptime: uptime(site, node),
        pveversion: `pve-manager/${VERSION.version}/${VERSION.repoid}`,
        kversion: "Linux 6.17.2-1-pve #1 SMP PREEMPT_DYNAMIC",
        cpu: 0.02,
        wait: 0,
        idle: 0,
        loadavg: ["0.10", "0.08", "0.05"],
        cpuinfo: {
          cpus: state.cpus,
          cores: state.cpus,
          sockets: 1,
          model: state.cpuModel,
          mhz: "1800.000",
          hvm: "1",
          flags: "vmx",
          user_hz: 100,
        },
        memory: { total: state.memory, used, free: state.memory - used },
        swap: { total: 0, used: 0, free: 0 },
        rootfs: { ...root, free: root.total - root.used, avail: root.total - root.used },
        ksm: { shared: 0 },
      };
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/time",
    parameters: { node: standard.node },
    permissions: audit,
    proxyto: "node",
    handle: ({ site }) => ({
      timezone: "Etc/UTC",
      time: seconds(site.clock),
      localtime: seconds(site.clock),
    }),
  },
  {
    method: "GET",
    path: "/nodes/{node}/network",
    parameters: {
      node: standard.node,
      type: optional(
        choice("bridge", "bond", "eth", "alias", "vlan", "any_bridge", "any_local_bridge"),
      ),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: ({ site, node, params }) =>
      interfaces(site.host(node).address).filter(
        ({ type }) => params.type === undefined || String(params.type).endsWith(type),
      ),
  },
  {
    method: "GET",
    path: "/nodes/{node}/config",
    parameters: { node: standard.node },
    permissions: { check: ["perm", "/", ["Sys.Audit"]] },
    proxyto: "node",
    handle: () => ({}),
  },
];

/** One card and one bridge, as the installer sets them up. */
function interfaces(address: string) {
  const bridge = {
    iface: BRIDGE,
    type: "bridge",
    method: "static",
    method6: "manual",
    families: ["inet"],
    cidr: `${address}/24`,
    address,
    netmask: "24",
    gateway: address.replace(/\d+$/, "1"),
    bridge_ports: "eno1",
    bridge_stp: "off",
    bridge_fd: "0",
    autostart: 1,
    active: 1,
    priority: 3,
  };
  const card = {
    iface: "eno1",
    type: "eth",
    method: "manual",
    method6: "manual",
    families: ["inet"],
    exists: 1,
    active: 1,
    priority: 2,
  };
  return [bridge, card];
}
