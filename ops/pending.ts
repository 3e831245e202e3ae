import { runOverSsh } from "../toolchain/launcher/ssh";
import { type Checkpoint, plannedCreates, type ResourceState } from "./pulumi";
import { findSite, type SiteAccess } from "./site";
import type { Stack } from "./stack";
import { OpsError } from "./errors";

export interface Settlement {
  checkpoint: Checkpoint;
  /** What was done about each. */
  notes: string[];
  /** What stops the run. */
  unsettled: string[];
}

type Inputs = Record<string, unknown>;

interface FixedKind {
  /** Where Proxmox VE has it. */
  path: (inputs: Inputs) => string;
  /** Whether it is in what is found there; left out where it is that itself. */
  isIn?: (found: Inputs, inputs: Inputs) => boolean;
  /** What is there is what we would have made. */
  same: (found: Inputs, inputs: Inputs) => boolean;
  id: (inputs: Inputs) => string;
  /** What the provider needs besides to find the rest. */
  outputs?: Inputs;
}

/** What says where a storage lies: keys of Proxmox VE with those of our inputs. */
function storage(place: Record<string, string>): FixedKind {
  return {
    path: (inputs) => `/storage/${inputs.resourceId}`,
    same: (found, inputs) =>
      Object.entries(place).every(([key, input]) => found[key] === inputs[input]),
    id: (inputs) => String(inputs.resourceId),
  };
}

/** Resources whose id is fixed and which cannot carry our mark. */
const FIXED: Record<string, FixedKind> = {
  "proxmoxve:storage/nfs:Nfs": storage({ server: "server", export: "export" }),
  "proxmoxve:storage/cifs:Cifs": storage({ server: "server", share: "share" }),
  "proxmoxve:storage/pbs:Pbs": storage({ server: "server", datastore: "datastore" }),
  "proxmoxve:storage/directory:Directory": storage({ path: "path" }),
  "proxmoxve:storage/lvmthin:Lvmthin": storage({ vgname: "volumeGroup", thinpool: "thinPool" }),
  "proxmoxve:storage/zfspool:Zfspool": storage({ pool: "zfsPool" }),
  "proxmoxve:index/haresource:Haresource": {
    path: (inputs) => `/cluster/ha/resources/${inputs.resourceId}`,
    same: (found, inputs) => found.sid === inputs.resourceId,
    id: (inputs) => String(inputs.resourceId),
  },
  "proxmoxve:index/harule:Harule": {
    path: (inputs) => `/cluster/ha/rules/${inputs.rule}`,
    same: (found, inputs) =>
      found.type === inputs.type && sameMembers(found.resources, inputs.resources),
    id: (inputs) => String(inputs.rule),
  },
  "proxmoxve:backup/job:Job": {
    path: (inputs) => `/cluster/backup/${inputs.resourceId}`,
    same: (found, inputs) => found.storage === inputs.storage && found.schedule === inputs.schedule,
    id: (inputs) => String(inputs.resourceId),
  },
  "proxmoxve:index/poolLegacy:PoolLegacy": {
    path: (inputs) => `/pools/${inputs.poolId}`,
    same: (found, inputs) => (found.comment ?? "") === inputs.comment,
    id: (inputs) => String(inputs.poolId),
  },
  "proxmoxve:pool/membership:Membership": {
    path: (inputs) => `/pools/${inputs.poolId}`,
    isIn: ({ members }, { vmId }) => (members as Inputs[]).some(({ vmid }) => vmid === vmId),
    same: () => true,
    id: (inputs) => `${inputs.poolId}/vm/${inputs.vmId}`,
    outputs: { type: "vm" },
  },
};

const GUESTS = [
  "proxmoxve:index/vmLegacy:VmLegacy",
  "proxmoxve:index/containerLegacy:ContainerLegacy",
];

/**
 * Decides about creates of which nobody knows how they ended: those under way when the CLI died, and, after a run that
 * failed or was cancelled, those still to do, because Proxmox VE may have taken one whose answer never came. What
 * exists and is ours becomes part of the state. Scripts over SSH are made to be run again, and updates and deletes are
 * seen by the refresh that every run begins with.
 */
export async function settle(
  stack: Stack,
  state: Checkpoint,
  lastFailed: boolean,
): Promise<Settlement> {
  const { pending_operations: pending = [], resources = [], ...rest } = state.deployment;
  const site = await findSite(stack);
  const settlement: Settlement = { checkpoint: state, notes: [], unsettled: [] };
  const known = new Set(resources.map(({ urn }) => urn));
  const begun = pending.filter(
    ({ type, resource }) => type === "creating" && !known.has(resource.urn),
  );
  for (const { resource, type } of pending.filter((operation) => !begun.includes(operation))) {
    settlement.notes.push(`${nameOf(resource)}: ${type} was cut short; it is looked at again`);
  }
  const imported: ResourceState[] = [];
  const decide = async (resource: ResourceState, cutShort: boolean): Promise<void> => {
    const outcome = await outcomeOf(resource, site);
    const name = nameOf(resource);
    if (outcome.kind === "ours") {
      // The provider finds the rest when it refreshes; it needs the id among the outputs too.
      const more = FIXED[resource.type]?.outputs;
      const outputs = { ...resource.inputs, ...more, id: outcome.id };
      imported.push({ ...resource, id: outcome.id, outputs });
      settlement.notes.push(
        `${name}: was created before the run was cut short; taken into the state`,
      );
    } else if (outcome.kind === "foreign" && cutShort) {
      settlement.unsettled.push(`${name}: ${outcome.reason}`);
    } else if (cutShort) settlement.notes.push(`${name}: was not created; it will be`);
  };
  for (const { resource } of begun) await decide(resource, true);
  settlement.checkpoint = withResources(state, rest, [...resources, ...imported]);
  if (!lastFailed) return settlement;
  const seen = new Set(begun.map(({ resource }) => resource.urn));
  for (const resource of await plannedCreates(stack)) {
    if (!seen.has(resource.urn)) await decide(resource, false);
  }
  settlement.checkpoint = withResources(state, rest, [...resources, ...imported]);
  return settlement;
}

function withResources(
  state: Checkpoint,
  rest: Omit<Checkpoint["deployment"], "resources" | "pending_operations">,
  resources: ResourceState[],
): Checkpoint {
  return { ...state, deployment: { ...rest, resources } };
}

type Outcome =
  { kind: "absent" } | { kind: "ours"; id: string } | { kind: "foreign"; reason: string };

async function outcomeOf(resource: ResourceState, site: SiteAccess): Promise<Outcome> {
  const inputs = resource.inputs ?? {};
  if (GUESTS.includes(resource.type)) return guestOutcome(resource, inputs, site);
  const fixed = FIXED[resource.type];
  if (!fixed) return { kind: "absent" };
  const path = fixed.path(inputs);
  const found = await read(site, path);
  if (!found || fixed.isIn?.(found, inputs) === false) return { kind: "absent" };
  if (fixed.same(found, inputs)) return { kind: "ours", id: fixed.id(inputs) };
  return {
    kind: "foreign",
    reason: `${path} exists in Proxmox VE, but not as this stack would have made it. Remove it there, or change its name here.`,
  };
}

function guestOutcome(resource: ResourceState, inputs: Inputs, site: SiteAccess): Outcome {
  const guest = site.guests.find(({ vmid }) => vmid === inputs.vmId);
  if (!guest) return { kind: "absent" };
  const marked = new RegExp(`: ${escape(resource.urn)}( |$)`, "m").test(guest.notes);
  if (marked) return { kind: "ours", id: String(guest.vmid) };
  return {
    kind: "foreign",
    reason: `VMID ${guest.vmid} is taken by a guest on ${guest.node} without this stack's mark. Choose another VMID, or remove that guest yourself.`,
  };
}

/** Asks over SSH, because the API token may be just what is missing. */
async function read(site: SiteAccess, path: string): Promise<Inputs | undefined> {
  const command = `pvesh get '${path}' --output-format json`;
  const { stdout, stderr, code } = await runOverSsh(site.connection, command).catch(
    (error: Error) => {
      throw cannotTell(site, path, error.message);
    },
  );
  if (/no such|does not exist/i.test(stderr)) return undefined;
  if (code !== 0) throw cannotTell(site, path, stderr.trim());
  try {
    return JSON.parse(stdout) as Inputs;
  } catch {
    throw cannotTell(site, path, "it printed no JSON");
  }
}

function cannotTell({ connection }: SiteAccess, path: string, reason: string): OpsError {
  return new OpsError(
    `A run was cut short, and ${connection.host} does not say whether ${path} was created: ${reason}. ` +
      "When that is repaired, run this again.",
  );
}

/** Both are lists, one of them in a text; their order means nothing. */
function sameMembers(one: unknown, other: unknown): boolean {
  const sorted = (list: unknown): string => String(list).split(",").sort().join();
  return sorted(one) === sorted(other);
}

function nameOf(resource: ResourceState): string {
  return resource.urn.split("::").at(-1) ?? resource.urn;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
