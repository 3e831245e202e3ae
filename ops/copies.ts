import { connectionsOf } from "../toolchain/launcher/connections";
import { readStackFile } from "../toolchain/launcher/stackFile";
import { OpsError } from "./errors";
import { exportState, type ResourceState } from "./pulumi";
import { mustRun } from "./remote";
import { findSite, type SiteAccess } from "./site";
import type { Stack } from "./stack";

/** A copy of backups, as the state has it. */
export interface Copy {
  name: string;
  from: string;
  to: string;
  /** The first that is online copies. */
  nodes: string[];
  /** Seconds. */
  maxAge: number;
}

export interface CopyAge {
  copy: string;
  vmid: number;
  /** Seconds since the newest backup that is copied was made; undefined where there is no copy. */
  age: number | undefined;
  /** It is missing, or older than it may be. */
  late: boolean;
}

/** Reads what the script backup/copyAges prints. Times are the node's own: where clocks change, an hour may be wrong. */
export function readAges(text: string, copies: Copy[], vmids: number[]): CopyAge[] {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const now = moment(lines.find(([kind]) => kind === "now")?.[1]) ?? 0;
  return lines.flatMap(([kind, name = "", vmid, , newest]) => {
    const copy = copies.find((one) => one.name === name);
    // What is left of guests that are gone grows old.
    if (kind !== "copy" || !copy || !vmids.includes(Number(vmid))) return [];
    const made = moment(newest);
    const age = made === undefined ? undefined : now - made;
    return [{ copy: name, vmid: Number(vmid), age, late: age === undefined || age > copy.maxAge }];
  });
}

/** `2026_11_27-02_00_03` in seconds. */
function moment(text = ""): number | undefined {
  const parts = /^(\d{4})_(\d\d)_(\d\d)-(\d\d)_(\d\d)_(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 1, ...rest] = parts;
  return Date.UTC(year, month - 1, ...rest) / 1000;
}

export const hours = (seconds: number): string => `${Math.floor(seconds / 3600)} h`;

export function describeAges(ages: CopyAge[], copies: Copy[]): string {
  if (copies.length === 0) return "No backups are copied: site.copies is empty.\n";
  const rows = copies.flatMap(({ name, from, to, maxAge }) => {
    const own = ages.filter(({ copy }) => copy === name);
    const guests = own.map(({ vmid, age, late }) => {
      const told = age === undefined ? "no copy" : `${hours(age)} old`;
      return `  ${vmid}  ${told}${late ? `, too old: ${hours(maxAge)} at most` : ""}`;
    });
    return [`${name}: ${from} to ${to}`, ...(guests.length > 0 ? guests : ["  no backup yet"])];
  });
  return `${rows.join("\n")}\n`;
}

/** A copy and how old it is, or why nobody knows. */
export interface Ages {
  copy: Copy;
  ages: CopyAge[] | OpsError;
}

/** Looks at every copy of the state, one after the other. */
export async function lookAtCopies(
  stack: Stack,
  site: SiteAccess,
  resources: ResourceState[],
): Promise<Ages[]> {
  const copies = resources
    .filter(({ type }) => type === "proxmox-ha:backup:ArchiveCopy")
    .map(({ urn, inputs }): Copy => ({
      ...(inputs as unknown as Copy),
      name: urn.split("::").at(-1) ?? "",
    }));
  const connections = connectionsOf(stack.root, readStackFile(stack.root, stack.name), process.env);
  const vmids = site.guests.map(({ vmid }) => vmid);
  const found: Ages[] = [];
  for (const copy of copies) {
    // A storage that all nodes have answers on the node that this run works through.
    const [only] = copy.nodes.length === 1 ? copy.nodes : [];
    const connection = (only === undefined ? undefined : connections[only]) ?? site.connection;
    const COPIES = `${copy.name} ${copy.from} ${copy.to}`;
    const call = { host: only ?? "node", script: "backup/copyAges", variables: { COPIES } };
    const ages = await mustRun(connection, call).then(
      (text) => readAges(text, [copy], vmids),
      (error: unknown) => {
        if (error instanceof OpsError) return error;
        throw error;
      },
    );
    found.push({ copy, ages });
  }
  return found;
}

/** How old the copies of backups are; exit code 2 where one is too old, or missing. */
export async function showCopies(stack: Stack): Promise<void> {
  const [site, state] = await Promise.all([findSite(stack), exportState(stack)]);
  const found = await lookAtCopies(stack, site, state?.deployment.resources ?? []);
  const ages = found.flatMap((one) => {
    if (one.ages instanceof OpsError) throw one.ages;
    return one.ages;
  });
  const copies = found.map(({ copy }) => copy);
  process.stdout.write(describeAges(ages, copies));
  if (ages.some(({ late }) => late)) process.exitCode = 2;
}
