import { ON_RELEASE_8 } from "../support/sandbox";
import type { Fragment } from "./fragment";

/** Release 8 knows no OpenTelemetry. */
const onRelease9 = <T extends object>(more: T): Partial<T> => (ON_RELEASE_8 ? {} : more);

export const metrics: Fragment = {
  secrets: { influxToken: "influx-secret", otelHeaders: '{"Authorization":"Bearer otel-secret"}' },
  created: {
    metrics: {
      influx: {
        type: "influxdb",
        server: "192.168.18.20",
        organization: "office",
        bucket: "proxmox",
        pathPrefix: "influx",
        timeout: 5,
        tokenFrom: "influxToken",
      },
      graphite: { type: "graphite", server: "192.168.18.20", protocol: "tcp", timeout: 3 },
      ...onRelease9({
        otel: { type: "opentelemetry", server: "otel.example.com", headersFrom: "otelHeaders" },
      }),
    },
  },
  changed: {
    metrics: {
      influx: { protocol: "http", port: 8087, bucket: "pve", pathPrefix: undefined, timeout: 4 },
      graphite: { protocol: "udp", timeout: undefined, mtu: 1400, enabled: false },
      ...onRelease9({
        otel: { compression: "none", path: "/metrics", timeout: 9, headersFrom: undefined },
      }),
    },
  },
  async check(step, lab) {
    const { data } = await lab.api("pve01", "GET", "/cluster/metrics/server");
    const ids = (data as { id: string }[]).map(({ id }) => id);
    if (step === "removed") return expect(ids).toEqual([]);
    expect(ids).toEqual(["graphite", "influx", ...Object.keys(onRelease9({ otel: true }))]);
    const told = [];
    for (const id of ids) {
      told.push((await lab.api("pve01", "GET", `/cluster/metrics/server/${id}`)).data);
    }
    expect(told).toEqual((step === "created" ? CREATED : CHANGED).slice(0, ids.length));
  },
};

const server = "192.168.18.20";
const CREATED = [
  { type: "graphite", server, port: 2003, proto: "tcp", path: "proxmox", timeout: 3, disable: 0 },
  {
    type: "influxdb",
    server,
    port: 8086,
    influxdbproto: "https",
    organization: "office",
    bucket: "proxmox",
    "api-path-prefix": "influx",
    timeout: 5,
    disable: 0,
  },
  {
    type: "opentelemetry",
    server: "otel.example.com",
    port: 4318,
    "otel-protocol": "https",
    "otel-path": "/v1/metrics",
    "otel-compression": "gzip",
    "otel-headers": Buffer.from('{"Authorization":"Bearer otel-secret"}').toString("base64"),
    disable: 0,
  },
];
const CHANGED = [
  { type: "graphite", server, port: 2003, proto: "udp", path: "proxmox", mtu: 1400, disable: 1 },
  {
    type: "influxdb",
    server,
    port: 8087,
    influxdbproto: "http",
    organization: "office",
    bucket: "pve",
    timeout: 4,
    disable: 0,
  },
  {
    type: "opentelemetry",
    server: "otel.example.com",
    port: 4318,
    "otel-protocol": "https",
    "otel-path": "/metrics",
    "otel-compression": "none",
    "otel-timeout": 9,
    disable: 0,
  },
];
