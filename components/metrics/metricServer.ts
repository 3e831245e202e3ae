import { Server } from "@muhlba91/pulumi-proxmoxve/metrics/server";
import * as pulumi from "@pulumi/pulumi";
import type { MetricServerPlan } from "./plan";

/** A server that every node sends metrics to. */
export class MetricServer extends pulumi.ComponentResource {
  constructor(
    plan: MetricServerPlan,
    secret: (key: string) => pulumi.Output<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("proxmox-ha:metrics:MetricServer", plan.id, {}, opts);
    const { influxToken, opentelemetryHeaders } = plan.secrets;
    new Server(
      plan.id,
      {
        name: plan.id,
        ...plan.inputs,
        ...(influxToken === undefined ? {} : { influxToken: secret(influxToken) }),
        ...(opentelemetryHeaders === undefined
          ? {}
          : { opentelemetryHeaders: secret(opentelemetryHeaders).apply(toBase64) }),
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        additionalSecretOutputs: ["influxToken", "opentelemetryHeaders"],
      },
    );
    this.registerOutputs({});
  }
}

const toBase64 = (text: string): string => Buffer.from(text).toString("base64");
