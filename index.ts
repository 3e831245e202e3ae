import * as pulumi from "@pulumi/pulumi";
import { build } from "./components/build";
import { readConfig } from "./components/config";
import { readConnections } from "./components/connections";
import { compare, readInventory } from "./components/guest/inventory";
import { guestUrn } from "./components/guest/names";
import type { Outputs } from "./components/outputs";
import { planOutputs, planSite } from "./components/plan";

const connections = readConnections(process.env);
const { site, settings, emergency: reason, secret } = readConfig();
const plan = planSite(site, settings);

const { refusals, notices } = compare(
  plan.guests,
  readInventory(process.env),
  plan.stack,
  (guest) => guestUrn(guest, plan.stack, pulumi.getProject()),
);
if (refusals.length > 0) throw new pulumi.RunError(refusals.join("\n"));
for (const notice of notices) void pulumi.log.warn(notice);

export const { userTokens } = build(plan, connections, secret);

const outputs: Outputs = {
  ...planOutputs(plan, (node) => connections[node]?.web ?? ""),
  emergency: reason ?? null,
};
export const { cluster, nodes, storages, guests, backupJobs, emergency } = outputs;
