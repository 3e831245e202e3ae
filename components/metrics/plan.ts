import type { Site } from "../schema";

/** What is set of one server, by the names of the provider. */
export interface MetricServerPlan {
  id: string;
  inputs: { type: string; server: string; port: number; disable: boolean } & Record<
    string,
    string | number | boolean
  >;
  /** Secrets by the input that they are for. */
  secrets: { influxToken?: string; opentelemetryHeaders?: string };
}

export function planMetrics(site: Site): MetricServerPlan[] {
  return Object.entries(site.metrics).map(([id, server]) => {
    const common = {
      type: server.type,
      server: server.server,
      port: server.port,
      disable: !server.enabled,
    };
    switch (server.type) {
      case "influxdb":
        return {
          id,
          inputs: {
            ...common,
            influxDbProto: server.protocol,
            ...given({
              influxOrganization: server.organization,
              influxBucket: server.bucket,
              influxApiPathPrefix: server.pathPrefix,
              mtu: server.mtu,
              timeout: server.timeout,
            }),
          },
          secrets: server.tokenFrom === undefined ? {} : { influxToken: server.tokenFrom },
        };
      case "graphite":
        return {
          id,
          inputs: {
            ...common,
            graphiteProto: server.protocol,
            graphitePath: server.path,
            ...given({ mtu: server.mtu, timeout: server.timeout }),
          },
          secrets: {},
        };
      case "opentelemetry":
        return {
          id,
          inputs: {
            ...common,
            opentelemetryProto: server.protocol,
            opentelemetryPath: server.path,
            opentelemetryCompression: server.compression,
            ...given({ opentelemetryTimeout: server.timeout }),
          },
          secrets:
            server.headersFrom === undefined ? {} : { opentelemetryHeaders: server.headersFrom },
        };
    }
  });
}

function given(values: Record<string, string | number | undefined>) {
  const entries = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}
