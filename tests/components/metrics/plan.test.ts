import { type MetricServerPlan, planMetrics } from "../../../components/metrics/plan";
import { EVERYTHING } from "../support/reference";
import { site } from "../support/site";

describe("metric servers", () => {
  it("are none in the reference site", () => {
    expect(planMetrics(site())).toEqual([]);
  });

  it("say protocol, path and compression, though Proxmox VE has such of its own", () => {
    const metrics = {
      influx: { type: "influxdb", server: "192.168.18.20" },
      graphite: { type: "graphite", server: "192.168.18.20" },
      otel: { type: "opentelemetry", server: "otel.example.com" },
    };
    expect(planMetrics(site({ metrics })).map(({ inputs }) => inputs)).toEqual([
      {
        type: "influxdb",
        server: "192.168.18.20",
        port: 8086,
        disable: false,
        influxDbProto: "https",
      },
      {
        type: "graphite",
        server: "192.168.18.20",
        port: 2003,
        disable: false,
        graphiteProto: "udp",
        graphitePath: "proxmox",
      },
      {
        type: "opentelemetry",
        server: "otel.example.com",
        port: 4318,
        disable: false,
        opentelemetryProto: "https",
        opentelemetryPath: "/v1/metrics",
        opentelemetryCompression: "gzip",
      },
    ]);
  });

  it("have all that the file says, and name their secrets", () => {
    expect(planMetrics(site(EVERYTHING))).toEqual<MetricServerPlan[]>([
      {
        id: "influx",
        inputs: {
          type: "influxdb",
          server: "192.168.18.20",
          port: 443,
          disable: false,
          influxDbProto: "https",
          influxOrganization: "office",
          influxBucket: "proxmox",
          influxApiPathPrefix: "influx",
          mtu: 1400,
          timeout: 5,
        },
        secrets: { influxToken: "influxToken" },
      },
      {
        id: "graphite",
        inputs: {
          type: "graphite",
          server: "192.168.18.20",
          port: 2004,
          disable: true,
          graphiteProto: "tcp",
          graphitePath: "site.mizar",
          mtu: 1400,
          timeout: 3,
        },
        secrets: {},
      },
      {
        id: "otel",
        inputs: {
          type: "opentelemetry",
          server: "otel.example.com",
          port: 443,
          disable: false,
          opentelemetryProto: "http",
          opentelemetryPath: "/metrics",
          opentelemetryCompression: "none",
          opentelemetryTimeout: 10,
        },
        secrets: { opentelemetryHeaders: "otelHeaders" },
      },
    ]);
  });
});
