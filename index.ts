import * as pulumi from "@pulumi/pulumi";
import { build } from "./components/build";
import { readConfig } from "./components/config";
import { readConnections } from "./components/connections";
import { compare as compareGuests } from "./components/guest/inventory";
import { guestUrn } from "./components/guest/names";
import { readInventory } from "./components/inventory";
import type { Outputs } from "./components/outputs";
import { planOutputs, planSite } from "./components/plan";
import { compare as compareStorages } from "./components/storage/inventory";

const connections = readConnections(process.env);
const { site, settings, emergency: reason, secret } = readConfig();
const plan = planSite(site, settings);

const existing = readInventory(process.env);
const findings = [
  compareStorages(plan.storages, existing),
  compareGuests(plan.guests, existing.guests, plan.stack, (guest) =>
    guestUrn(guest, plan.stack, pulumi.getProject()),
  ),
];
const refusals = findings.flatMap((found) => found.refusals);
const notices = findings.flatMap((found) => found.notices);
if (refusals.length > 0) throw new pulumi.RunError(refusals.join("\n"));
for (const notice of notices) void pulumi.log.warn(notice);

export const { userTokens } = build(plan, connections, secret);

const outputs: Outputs = {
  ...planOutputs(plan, (node) => connections[node]?.web ?? ""),
  emergency: reason ?? null,
};
export const { cluster, nodes, storages, guests, backupJobs, emergency } = outputs;
