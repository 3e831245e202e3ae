import { type Answer, type StandInHost, startHost } from "../../toolchain/launcher/support/node";
import { type Project } from "../../toolchain/launcher/support/project";
import { report } from "../../toolchain/launcher/support/reports";
import type { Stack } from "../../../ops/stack";
import type { Checkpoint, ResourceState } from "../../../ops/pulumi";

/** A node that answers the launcher's question, and `pvesh get PATH` from these. */
export interface SiteNode extends StandInHost {
  probe: string;
  paths: Record<string, unknown>;
  /** What it says of any other path. */
  otherwise: Answer;
}

export async function startNode(): Promise<SiteNode> {
  const answer = (command: string): Answer => {
    const path = /^pvesh get '(.*)' --output-format json$/.exec(command)?.[1];
    if (path === undefined) return { stdout: node.probe };
    const found = node.paths[path];
    if (found === undefined) return node.otherwise;
    return { stdout: typeof found === "string" ? found : JSON.stringify(found) };
  };
  const node: SiteNode = Object.assign(await startHost(answer), {
    ...{ probe: report({}), paths: {}, otherwise: {} },
  });
  return node;
}

/** Proxmox VE's words for what is not there. */
export const ABSENT: Answer = { stderr: "no such resource 'vm:100'\n", code: 2 };

export const dev = (project: Project): Stack => ({ name: "dev", root: project.root });

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::proxmox-ha::${type}::${name}`;
}

export function resource(
  type: string,
  name: string,
  inputs: Record<string, unknown> = {},
): ResourceState {
  return { urn: urnOf(type, name), type, custom: true, inputs };
}

export function checkpoint(
  resources: ResourceState[],
  pending?: Checkpoint["deployment"]["pending_operations"],
): Checkpoint {
  return {
    version: 3,
    deployment: {
      manifest: { version: "v3.220.0" },
      resources,
      ...(pending ? { pending_operations: pending } : {}),
    },
  };
}
