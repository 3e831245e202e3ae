import {
  certificateFingerprint,
  memoryUsed,
  nodeStatus,
  rootDisk,
  uptime,
} from "../../guests/nodeStatus";
import type { Endpoint, Permissions } from "../endpoint";
import { standard } from "../schema";
import { runningKernel } from "../../system/kernels";
import { managerVersion, releaseOf, VERSIONS } from "../version";

const audit: Permissions = { check: ["perm", "/nodes/{node}", ["Sys.Audit"]] };

export const nodeEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/version",
    returns: "object",
    parameters: {},
    permissions: { user: "all" },
    handle: ({ site, node }) => VERSIONS[releaseOf(site.host(node))],
  },
  {
    method: "GET",
    path: "/nodes",
    returns: "array",
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
    returns: "object",
    parameters: { node: standard.node },
    permissions: { user: "all" },
    proxyto: "node",
    handle: ({ site, node }) => VERSIONS[releaseOf(site.host(node))],
  },
  {
    method: "GET",
    path: "/nodes/{node}/status",
    returns: "object",
    parameters: { node: standard.node },
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node }) => {
      const state = site.nodeState(node);
      const release = releaseOf(site.host(node));
      const root = rootDisk(site, node);
      const used = memoryUsed(site, node);
      return {
        uptime: uptime(site, node),
        pveversion: managerVersion(release),
        kversion: `Linux ${runningKernel(site.host(node))} #1 SMP PREEMPT_DYNAMIC`,
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
];
