import type { PolicyConfigSchema } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { LEVELS } from "../facts/cpu";
import type { CollectedResource } from "./resource";

/** Clusters that a program does not describe with the component, as the pack's configuration tells them. */
export interface Given {
  /** Each as the inputs of `proxmox-ha:cluster:Cluster`; memory in bytes. */
  clusters?: { clusterName: string; nodes: object[]; witness?: object; qdevice?: boolean }[];
}

const text = { type: "string" } as const;
const record = (
  properties: Record<string, PolicyConfigJSONSchema>,
  ...required: string[]
): PolicyConfigJSONSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

export const GIVEN_SCHEMA: PolicyConfigSchema = {
  properties: {
    clusters: {
      type: "array",
      description: "Clusters that no component of the program describes.",
      items: record(
        {
          clusterName: text,
          nodes: {
            type: "array",
            items: record(
              {
                name: text,
                address: text,
                votes: { type: "integer", minimum: 0 },
                cpus: { type: "integer", minimum: 1 },
                cpuLevel: { type: "string", enum: LEVELS },
                cpuVendor: { type: "string", enum: ["intel", "amd"] },
                links: { type: "integer", minimum: 1 },
                memory: { type: "number", minimum: 0 },
              },
              "name",
              "address",
            ),
          },
          witness: record({ name: text, address: text }, "name", "address"),
          qdevice: { type: "boolean" },
        },
        "clusterName",
        "nodes",
      ),
    },
  },
};

/** The clusters as if the component described them; one that the program itself describes is left out. */
export function givenClusters(
  { clusters = [] }: Given,
  collected: ReadonlyMap<string, CollectedResource>,
): CollectedResource[] {
  const type = "proxmox-ha:cluster:Cluster";
  const [first] = collected.keys();
  if (first === undefined) return [];
  // `urn:pulumi:STACK::PROJECT::TYPE::NAME`
  const stack = first.split("::").slice(0, 2).join("::");
  return clusters
    .map(({ clusterName, ...props }) => ({
      type,
      urn: `${stack}::${type}::${clusterName}`,
      name: clusterName,
      props,
    }))
    .filter(({ urn }) => !collected.has(urn));
}
