import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { digestOf } from "../../guests/config";
import { seconds } from "../../seams/clock";
import type { Site } from "../../site";
import { requireUnmodified } from "../clusterFile";
import type { Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import {
  choice,
  optional,
  type Parameters,
  propertyString,
  standard,
  text,
  whole,
} from "../schema";
import { describeSection } from "../sections";

const node = standard.node;
const auditNode: Permissions = { check: ["perm", "/nodes/{node}", ["Sys.Audit"]] };
const modifyNode: Permissions = { check: ["perm", "/nodes/{node}", ["Sys.Modify"]] };

const domain = optional(
  propertyString({
    alias: optional(text({ format: "pve-acme-alias" })),
    domain: { ...text({ format: "pve-acme-domain" }), default_key: 1 },
    plugin: optional(text({ format: "pve-configid" })),
  }),
);
const configFields: Parameters = {
  acme: optional(
    propertyString({
      account: optional(text({ format: "pve-configid" })),
      domains: optional(text({ format: "pve-acme-domain-list" })),
    }),
  ),
  "acmedomain[n]": domain,
  "ballooning-target": optional(whole(0, 100)),
  description: optional(text({ maxLength: 65_536 })),
  "startall-onboot-delay": optional(whole(0, 300)),
  wakeonlan: optional(
    propertyString({
      "bind-interface": optional(text({ format: "pve-iface" })),
      "broadcast-address": optional(text({ format: "ipv4" })),
      mac: { ...text({ format: "mac-addr" }), default_key: 1 },
    }),
  ),
};
const CONFIG_KEYS = Object.keys(configFields).flatMap((key) =>
  key === "acmedomain[n]" ? [0, 1, 2, 3, 4, 5].map((index) => `acmedomain${index}`) : [key],
);

const HOSTS = "/etc/hosts";
const RESOLVER = "/etc/resolv.conf";
const TIMEZONE = "/etc/timezone";

/** What is set for one node: its notes and defaults (in the cluster's file system), and files of its own. */
export const nodeConfigEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/config",
    returns: "object",
    parameters: { node, property: optional(choice(...CONFIG_KEYS)) },
    permissions: { check: ["perm", "/", ["Sys.Audit"]] },
    proxyto: "node",
    handle: ({ site, node: where, params }) => {
      const config = site.pmxcfs(where).nodeConfigs?.[where];
      if (!config) return {};
      const shown: Record<string, unknown> = {
        description: "",
        ...describeSection(config, {}),
        digest: digestOf(config),
      };
      const { property } = params;
      if (property === undefined) return shown;
      const value = shown[String(property)];
      return value === undefined ? {} : { [String(property)]: value };
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/config",
    returns: "null",
    parameters: {
      node,
      delete: optional(text({ format: "pve-configid-list" })),
      digest: optional(text({ maxLength: 40 })),
      ...configFields,
    },
    permissions: { check: ["perm", "/", ["Sys.Modify"]] },
    proxyto: "node",
    handle: (call) => {
      const { node: _node, delete: removed, digest, ...fields } = call.params;
      const configs = writableConfigs(call);
      const config = { ...configs[call.node] };
      if (configs[call.node]) requireUnmodified(digestOf(config), digest);
      for (const [key, value] of Object.entries(fields)) config[key] = String(value);
      for (const key of splitList(String(removed ?? ""))) delete config[key];
      // It is kept as comment lines.
      const description = (config.description ?? "").replace(/\n+$/, "");
      if (description === "") delete config.description;
      else config.description = `${description}\n`;
      configs[call.node] = config;
      return null;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/hosts",
    returns: "object",
    parameters: { node },
    permissions: { check: ["perm", "/", ["Sys.Audit"]] },
    proxyto: "node",
    handle: ({ site, node: where }) => {
      const data = fileOf(site, where, HOSTS);
      return { data, digest: sha1(data) };
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/hosts",
    returns: "null",
    parameters: { node, data: text(), digest: standard.digest },
    permissions: modifyNode,
    proxyto: "node",
    handle: ({ site, node: where, params }) => {
      requireUnmodified(sha1(fileOf(site, where, HOSTS)), params.digest);
      const data = String(params.data);
      for (const line of data.split("\n")) checkHostsLine(line);
      writeFile(site, where, HOSTS, data);
      return null;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/dns",
    returns: "object",
    parameters: { node },
    permissions: auditNode,
    proxyto: "node",
    handle: ({ site, node: where }) => parseResolver(fileOf(site, where, RESOLVER)),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/dns",
    returns: "null",
    parameters: {
      node,
      search: text(),
      dns1: optional(text({ format: "ip" })),
      dns2: optional(text({ format: "ip" })),
      dns3: optional(text({ format: "ip" })),
    },
    permissions: modifyNode,
    proxyto: "node",
    handle: ({ site, node: where, params }) => {
      const { search, dns1, dns2, dns3 } = params;
      const servers = [dns1, dns2, dns3].filter((server) => server && server !== "0.0.0.0");
      const kept = fileOf(site, where, RESOLVER)
        .split("\n")
        .filter((line) => line !== "" && !/^(search|domain|nameserver)\s/.test(line));
      const lines = [
        ...(search ? [`search ${search}`] : []),
        ...[...new Set(servers)].map((server) => `nameserver ${server}`),
        ...kept,
      ];
      writeFile(site, where, RESOLVER, lines.map((line) => `${line}\n`).join(""));
      return null;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/time",
    returns: "object",
    parameters: { node },
    permissions: auditNode,
    proxyto: "node",
    handle: ({ site, node: where }) => {
      const timezone = fileOf(site, where, TIMEZONE).trim() || "Etc/UTC";
      const time = seconds(site.clock);
      return { timezone, time, localtime: time + offsetOf(timezone, time) };
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/time",
    returns: "null",
    parameters: { node, timezone: text() },
    permissions: modifyNode,
    proxyto: "node",
    handle: ({ site, node: where, params }) => {
      const timezone = String(params.timezone);
      offsetOf(timezone, seconds(site.clock));
      writeFile(site, where, TIMEZONE, `${timezone}\n`);
      return null;
    },
  },
];

function writableConfigs({ site, node: where }: { site: Site; node: string }) {
  if (!site.quorum.isQuorate(where)) {
    const file = `/etc/pve/nodes/${where}/config`;
    throw die(`unable to open file '${file}.tmp.${process.pid}' - Permission denied`);
  }
  return (site.pmxcfs(where).nodeConfigs ??= {});
}

function fileOf(site: Site, where: string, path: string): string {
  return site.host(where).files[path]?.content ?? "";
}

function writeFile(site: Site, where: string, path: string, content: string): void {
  site.host(where).files[path] = { content, mode: 0o644 };
}

function sha1(content: string): string {
  return createHash("sha1").update(content).digest("hex");
}

function checkHostsLine(line: string): void {
  if (/^\s*(#|$)/.test(line)) return;
  const [ip = "", ...names] = line.split(/\s+/);
  if (isIP(ip) === 0) throw badParameters({ data: `Invalid IP '${ip}'` });
  const wrong = names.find((name) => name !== "" && !/^[.\-a-zA-Z0-9]+$/.test(name));
  if (wrong !== undefined) throw badParameters({ data: `Invalid Hostname '${wrong}'` });
}

function parseResolver(content: string): Record<string, string> {
  const result: Record<string, string> = {};
  let count = 0;
  for (const line of content.split("\n")) {
    const [, key = "", value = ""] = /^\s*(search|domain|nameserver)\s+(\S+)/.exec(line) ?? [];
    if (key === "search" || key === "domain") result.search = value;
    else if (key === "nameserver" && ++count <= 3) result[`dns${count}`] = value;
  }
  return result;
}

/** Seconds by which a zone is ahead of UTC at `time`. */
function offsetOf(timezone: string, time: number): number {
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      timeZoneName: "longOffset",
    });
    const name = format.formatToParts(time * 1000).find(({ type }) => type === "timeZoneName");
    const [, sign = "+", hours = "0", minutes = "0"] =
      /GMT([+-])(\d+):(\d+)/.exec(name?.value ?? "") ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  } catch {
    throw badParameters({ timezone: "No such timezone" });
  }
}
