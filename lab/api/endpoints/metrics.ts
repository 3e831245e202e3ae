import { digestOf } from "../../guests/config";
import { clusterFile, requireUnmodified } from "../clusterFile";
import type { Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, type Parameters, standard, text, whole } from "../schema";
import { changedSection, describeSection, newSection, type SectionType } from "../sections";

const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };
const modify: Permissions = { check: ["perm", "/", ["Sys.Modify"]] };
const id = text({ format: "pve-configid" });

const serverFields: Parameters = {
  "api-path-prefix": optional(text()),
  bucket: optional(text()),
  disable: optional(flag()),
  influxdbproto: optional(choice("udp", "http", "https")),
  "max-body-size": optional(whole(1)),
  mtu: optional(whole(512, 65_536)),
  organization: optional(text()),
  "otel-compression": optional(choice("none", "gzip")),
  "otel-headers": optional(text({ maxLength: 1024 })),
  "otel-max-body-size": optional(whole(1024)),
  "otel-path": optional(text()),
  "otel-protocol": optional(choice("http", "https")),
  "otel-resource-attributes": optional(text({ maxLength: 1024 })),
  "otel-timeout": optional(whole(1, 10)),
  "otel-verify-ssl": optional(flag()),
  path: optional(text({ format: "graphite-path" })),
  port: whole(1, 65_536),
  proto: optional(choice("udp", "tcp")),
  server: text({ format: "address" }),
  timeout: optional(whole(0)),
  token: optional(text()),
  "verify-certificate": optional(flag()),
};

/** PVE::Status::Graphite, ::InfluxDB and ::OpenTelemetry. */
const TYPES: Record<string, SectionType> = {
  graphite: {
    required: ["server"],
    optional: ["port", "mtu", "proto", "timeout", "path", "disable"],
  },
  influxdb: {
    required: ["server", "port"],
    optional: [
      "mtu",
      "disable",
      "organization",
      "bucket",
      "token",
      "influxdbproto",
      "timeout",
      "max-body-size",
      "api-path-prefix",
      "verify-certificate",
    ],
  },
  opentelemetry: {
    required: ["server"],
    optional: [
      "port",
      "disable",
      ...Object.keys(serverFields).filter((key) => key.startsWith("otel-")),
    ],
  },
};

/**
 * Servers that metrics are sent to (status.cfg). Nothing is sent, and a new one is not asked whether it is there. A
 * token is kept apart from the rest and never shown.
 */
export const metricEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/metrics/server",
    returns: "array",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) =>
      Object.entries(site.pmxcfs(node).metricServers ?? {})
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, server]) => {
          const { disable = 0, type, server: address, port } = described(server);
          return { id: name, disable, type, server: address, port };
        }),
  },
  {
    method: "GET",
    path: "/cluster/metrics/server/{id}",
    returns: "object",
    parameters: { id },
    permissions: audit,
    handle: ({ site, node, params }) => {
      const server = site.pmxcfs(node).metricServers?.[String(params.id)];
      if (!server) throw die(`status server entry '${params.id}' does not exist`);
      return described(server);
    },
  },
  {
    method: "POST",
    path: "/cluster/metrics/server/{id}",
    returns: "null",
    parameters: {
      id,
      type: { ...choice(...Object.keys(TYPES)), format: "pve-configid" },
      ...serverFields,
    },
    permissions: modify,
    handle: (call) => {
      const { id: name, type, token: _secret, ...fields } = call.params;
      const servers = (clusterFile(call, "status_cfg").metricServers ??= {});
      if (servers[String(name)]) throw die(`Metric server '${name}' already exists`);
      servers[String(name)] = newSection(String(type), typeOf(type), fields);
      return null;
    },
  },
  {
    method: "PUT",
    path: "/cluster/metrics/server/{id}",
    returns: "null",
    parameters: {
      id,
      delete: optional(text({ format: "pve-configid-list", maxLength: 4096 })),
      digest: standard.digest,
      ...serverFields,
    },
    permissions: modify,
    handle: (call) => {
      const { id: name, delete: removed, digest, token: _secret, ...fields } = call.params;
      const servers = (clusterFile(call, "status_cfg").metricServers ??= {});
      requireUnmodified(digestOf(servers), digest);
      const server = servers[String(name)];
      if (!server) throw die(`no such server '${name}'`);
      const remove = splitList(String(removed ?? "")).filter((key) => key !== "token");
      const both = remove.find((key) => fields[key] !== undefined);
      if (both) throw die(`cannot set and delete property '${both}' at the same time!`);
      servers[String(name)] = changedSection(server, typeOf(server.type), fields, remove);
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/cluster/metrics/server/{id}",
    returns: "null",
    parameters: { id },
    permissions: modify,
    handle: (call) => {
      const servers = (clusterFile(call, "status_cfg").metricServers ??= {});
      if (!servers[String(call.params.id)]) throw die("cannot lookup undefined type!");
      delete servers[String(call.params.id)];
      return null;
    },
  },
];

const described = (server: Record<string, string>) => describeSection(server, serverFields);

function typeOf(type: unknown): SectionType {
  const keys = TYPES[String(type)];
  if (!keys) throw die(`unknown section type '${String(type)}'`);
  return keys;
}
