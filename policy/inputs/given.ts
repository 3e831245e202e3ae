import type { PolicyConfigSchema } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { LEVELS } from "../facts/cpu";
import type { CollectedResource } from "./resource";

/** Clusters that a program does not describe with the component, as the pack's configuration tells them. */
export interface Given {
  /** Each as the inputs of `proxmox-ha:cluster:Cluster`; memory in bytes. */
  clusters?: {
    clusterName: string;
    nodes: object[];
    witness?: object;
    qdevice?: boolean;
    release?: number;
  }[];
}

const text = (description: string): PolicyConfigJSONSchema => ({ type: "string", description });
const number = (minimum: number, description: string): PolicyConfigJSONSchema => ({
  type: "integer",
  minimum,
  description,
});
const record = (
  description: string,
  properties: Record<string, PolicyConfigJSONSchema>,
  ...required: string[]
): PolicyConfigJSONSchema => ({
  type: "object",
  description,
  properties,
  required,
  additionalProperties: false,
});

const node = record(
  "A node.",
  {
    name: text("Name of the node."),
    address: text("Its address on the cluster's network."),
    votes: number(0, "Votes that it has, 1 unless told."),
    cpus: number(1, "CPUs that it reports."),
    cpuLevel: { type: "string", enum: LEVELS, description: "The highest level that its CPU has." },
    cpuVendor: { type: "string", enum: ["intel", "amd"], description: "Who made its CPU." },
    links: number(1, "Links that corosync has there, 1 unless told."),
    memory: { type: "number", minimum: 0, description: "Bytes that `free -b` prints." },
  },
  "name",
  "address",
);

export const GIVEN_SCHEMA = {
  properties: {
    clusters: {
      type: "array",
      description: "Clusters that no component of the program describes.",
      items: record(
        "A cluster.",
        {
          clusterName: text("Name of the cluster."),
          nodes: { type: "array", items: node, description: "Its nodes." },
          witness: record(
            "The host of its QDevice.",
            { name: text("Name of the host."), address: text("Its address.") },
            "name",
            "address",
          ),
          qdevice: { type: "boolean", description: "true: the witness has a vote." },
          release: { type: "integer", minimum: 7, description: "Major release of Proxmox VE." },
        },
        "clusterName",
        "nodes",
      ),
    },
  },
} satisfies PolicyConfigSchema;

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
