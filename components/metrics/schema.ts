import { z } from "zod";
import { secretName } from "../secretNames";
import { form } from "../values";

const ADDRESS = "write an address or a host's name, as in 192.168.18.20 or metrics.example.com";
const server = form(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/, ADDRESS).describe(
  "Address or DNS name of the machine that takes the metrics. It need not be one of the site's hosts.",
);
const port = (usual: number, words: string): z.ZodDefault<z.ZodInt> =>
  z.int().min(1).max(65535).default(usual).describe(words);
const enabled = z.boolean().default(true).describe("Whether metrics are sent there.");
const timeout = (words: string): z.ZodOptional<z.ZodInt> =>
  z.int().min(1).max(10).optional().describe(words);
const mtu = z
  .int()
  .min(512)
  .max(65536)
  .optional()
  .describe("Size of the packets in bytes, with `udp`. Proxmox VE's own is 1500.");
const prefix = form(/^[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/, "write a path, as in influx/pve");

const influxSchema = z
  .strictObject({
    type: z.literal("influxdb").describe("InfluxDB."),
    server,
    port: port(8086, "Its port: 8086 for the HTTP API as installed."),
    protocol: z
      .enum(["udp", "http", "https"])
      .default("https")
      .describe("How metrics are sent. The certificate of an `https` server is always checked."),
    organization: z.string().min(1).optional().describe("Organization, with `http` and `https`."),
    bucket: z.string().min(1).optional().describe("Bucket or database, with `http` and `https`."),
    tokenFrom: secretName
      .optional()
      .describe(
        "Configuration key that holds the access token, or `user:password` of version 1, with `http` and `https`.",
      ),
    pathPrefix: prefix
      .optional()
      .describe(
        "What stands before `/api2` in the URL, where a proxy puts the server below a path.",
      ),
    mtu,
    timeout: timeout("Seconds until a request is given up. Proxmox VE's own is 1."),
    enabled,
  })
  .describe("An InfluxDB server.");

const graphiteSchema = z
  .strictObject({
    type: z.literal("graphite").describe("Graphite (Carbon)."),
    server,
    port: port(2003, "Its port: 2003 as installed."),
    protocol: z.enum(["udp", "tcp"]).default("udp").describe("How metrics are sent."),
    path: form(/^[\w-]+(\.[\w-]+)*$/, "write names with dots between them, as in proxmox.office")
      .default("proxmox")
      .describe("Where the metrics are put, above the nodes and guests."),
    mtu,
    timeout: timeout("Seconds until a connection is given up, with `tcp`. Proxmox VE's own is 1."),
    enabled,
  })
  .describe("A Graphite server.");

const openTelemetrySchema = z
  .strictObject({
    type: z.literal("opentelemetry").describe("An OpenTelemetry collector."),
    server,
    port: port(4318, "Its port: 4318 for OTLP over HTTP as installed."),
    protocol: z
      .enum(["http", "https"])
      .default("https")
      .describe("How metrics are sent. The certificate of an `https` server is always checked."),
    path: form(/^\/\S*$/, "write a path that begins with /, as in /v1/metrics")
      .default("/v1/metrics")
      .describe("Path of the URL."),
    headersFrom: secretName
      .optional()
      .describe(
        'Configuration key that holds headers for each request as JSON, as in `{"Authorization": "Bearer …"}`.',
      ),
    compression: z.enum(["none", "gzip"]).default("gzip").describe("How requests are compressed."),
    timeout: timeout("Seconds until a request is given up. Proxmox VE's own is 5."),
    enabled,
  })
  .describe("An OpenTelemetry collector, with Proxmox VE 9.");

/** A server that every node sends its metrics, its guests' and its storages' to. */
export const metricServerSchema = z.discriminatedUnion(
  "type",
  [influxSchema, graphiteSchema, openTelemetrySchema],
  {
    error: ({ code }) =>
      code === "invalid_union" ? "write influxdb, graphite or opentelemetry" : undefined,
  },
);
