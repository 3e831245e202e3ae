import { refuses } from "../support/broken";

const influx = { type: "influxdb", server: "192.168.18.20" };
const IGNORED = "udp does not send it; write protocol: https, or take it out";

describe("a metric server", () => {
  refuses([
    [
      "is of a type that there is not",
      { "metrics.one": { type: "prometheus", server: "192.168.18.20" } },
      'metrics.one.type: "prometheus"; write influxdb, graphite or opentelemetry',
    ],
    [
      "has a URL for a server",
      { "metrics.one": { ...influx, server: "https://192.168.18.20" } },
      'metrics.one.server: "https://192.168.18.20"; write an address or a host\'s name, as in 192.168.18.20 or metrics.example.com',
    ],
    [
      "has an option of another type",
      { "metrics.one": { type: "graphite", server: "192.168.18.20", bucket: "pve" } },
      "metrics.one.bucket: unknown key; see docs/configuration.md for what may stand here",
    ],
    [
      "has what its protocol does not send",
      { "metrics.one": { ...influx, protocol: "udp", bucket: "pve", tokenFrom: "influxToken" } },
      `metrics.one.bucket: ${IGNORED}`,
      `metrics.one.tokenFrom: ${IGNORED}`,
    ],
    [
      "is of a type that Proxmox VE 8 does not have",
      {
        "cluster.release": 8,
        "metrics.one": { type: "opentelemetry", server: "192.168.18.20" },
      },
      "metrics.one.type: Proxmox VE 8 sends nothing to opentelemetry; choose influxdb or graphite, or upgrade",
    ],
    [
      "has its token in the file",
      { "metrics.one": { ...influx, token: "abc" } },
      "metrics.one.token: unknown key; see docs/configuration.md for what may stand here",
    ],
    [
      "has paths in another form",
      {
        "metrics.one": { type: "graphite", server: "192.168.18.20", path: "a/b" },
        "metrics.two": { type: "opentelemetry", server: "192.168.18.20", path: "v1" },
      },
      'metrics.one.path: "a/b"; write names with dots between them, as in proxmox.office',
      'metrics.two.path: "v1"; write a path that begins with /, as in /v1/metrics',
    ],
  ]);
});
