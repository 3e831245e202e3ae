import { runOverSsh } from "../toolchain/launcher/ssh";
import type { Checkpoint, ResourceState } from "./pulumi";
import { findSite, type SiteAccess } from "./site";

export interface Settlement {
  checkpoint: Checkpoint;
  /** What was done about each. */
  notes: string[];
  /** What stops the run. */
  unsettled: string[];
}

type Inputs = Record<string, unknown>;

/** Resources with a fixed id in Proxmox VE that cannot carry our mark: where they are, and what proves them ours. */
const FIXED: Record<
  string,
  {
    path: (inputs: Inputs) => string;
    same: (found: Inputs, inputs: Inputs) => boolean;
    id: (inputs: Inputs) => string;
  }
> = {
  "proxmoxve:storage/nfs:Nfs": {
    path: (inputs) => `/storage/${inputs.resourceId}`,
    same: (found, inputs) => found.server === inputs.server && found.export === inputs.export,
    id: (inputs) => String(inputs.resourceId),
  },
  "proxmoxve:index/haresource:Haresource": {
    path: (inputs) => `/cluster/ha/resources/${inputs.resourceId}`,
    same: (found, inputs) => found.sid === inputs.resourceId,
    id: (inputs) => String(inputs.resourceId),
  },
  "proxmoxve:index/harule:Harule": {
    path: (inputs) => `/cluster/ha/rules/${inputs.rule}`,
    same: (found, inputs) =>
      found.type === inputs.type && found.resources === String(inputs.resources),
    id: (inputs) => String(inputs.rule),
  },
  "proxmoxve:backup/job:Job": {
    path: (inputs) => `/cluster/backup/${inputs.resourceId}`,
    same: (found, inputs) => found.storage === inputs.storage && found.schedule === inputs.schedule,
    id: (inputs) => String(inputs.resourceId),
  },
};

const GUESTS = [
  "proxmoxve:index/vmLegacy:VmLegacy",
  "proxmoxve:index/containerLegacy:ContainerLegacy",
];

/**
 * Decides about operations that were under way when the CLI died. A create that reached Proxmox VE becomes part of the
 * state, so that the next run goes on from there; one that did not is forgotten and done again. Scripts over SSH are
 * made to be run again, and updates and deletes are seen by the refresh that every run begins with.
 */
export async function settlePending(stack: string, state: Checkpoint): Promise<Settlement> {
  const { pending_operations: pending = [], resources = [], ...rest } = state.deployment;
  const site = await findSite(stack);
  const notes: string[] = [];
  const unsettled: string[] = [];
  const imported: ResourceState[] = [];
  for (const { resource, type } of pending) {
    const name = resource.urn.split("::").at(-1) ?? resource.urn;
    const known = resources.some((other) => other.urn === resource.urn);
    if (type !== "creating" || known) {
      notes.push(`${name}: ${type} was cut short; it is looked at again`);
      continue;
    }
    const outcome = await outcomeOf(resource, site);
    if (outcome.kind === "ours") {
      imported.push({ ...resource, id: outcome.id, outputs: { ...resource.inputs } });
      notes.push(`${name}: was created before the run was cut short; taken into the state`);
    } else if (outcome.kind === "foreign") unsettled.push(`${name}: ${outcome.reason}`);
    else notes.push(`${name}: was not created; it will be`);
  }
  const deployment = { ...rest, resources: [...resources, ...imported] };
  return { checkpoint: { ...state, deployment }, notes, unsettled };
}

type Outcome =
  { kind: "absent" } | { kind: "ours"; id: string } | { kind: "foreign"; reason: string };

async function outcomeOf(resource: ResourceState, site: SiteAccess): Promise<Outcome> {
  const inputs = resource.inputs ?? {};
  if (GUESTS.includes(resource.type)) return guestOutcome(resource, inputs, site);
  const fixed = FIXED[resource.type];
  if (!fixed) return { kind: "absent" };
  const found = await read(site, fixed.path(inputs));
  if (!found) return { kind: "absent" };
  if (fixed.same(found, inputs)) return { kind: "ours", id: fixed.id(inputs) };
  return {
    kind: "foreign",
    reason: `${fixed.path(inputs)} exists in Proxmox VE, but not as this stack would have made it. Remove it there, or change its name here.`,
  };
}

function guestOutcome(resource: ResourceState, inputs: Inputs, site: SiteAccess): Outcome {
  const guest = site.guests.find(({ vmid }) => vmid === inputs.vmId);
  if (!guest) return { kind: "absent" };
  if (guest.notes.includes(`: ${resource.urn}`)) return { kind: "ours", id: String(guest.vmid) };
  return {
    kind: "foreign",
    reason: `VMID ${guest.vmid} is taken by a guest on ${guest.node} without this stack's mark. Choose another VMID, or remove that guest yourself.`,
  };
}

/** Asks over SSH, because the API token may be just what is missing. */
async function read(site: SiteAccess, path: string): Promise<Inputs | undefined> {
  const { stdout, code } = await runOverSsh(
    site.connection,
    `pvesh get '${path}' --output-format json`,
  );
  return code === 0 ? (JSON.parse(stdout) as Inputs) : undefined;
}
