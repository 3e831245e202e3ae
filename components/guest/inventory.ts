import type { ExistingGuest, Findings } from "../inventory";
import { compareMounts, mountsReason } from "./containerMounts";
import { compareDisks, disksOf, rootDiskReason } from "./disks";
import { type Mark, readMark } from "./mark";
import type { GuestPlan } from "./plan";
import { originOf } from "./vmPlan";

/**
 * Compares what is planned with what exists: VMIDs that others have, guests that would have to be deleted to become
 * what the file says, disks that cannot become it, and guests that the file no longer names. `urnOf` tells the mark
 * that a planned guest carries, or would carry under another key.
 */
export function compare(
  plans: GuestPlan[],
  existing: ExistingGuest[],
  stack: string,
  urnOf: (plan: Pick<GuestPlan, "key" | "type">) => string,
): Findings {
  const findings: Findings = { refusals: [], notices: [] };
  const planned = new Set(plans.flatMap((plan) => urnsOf(plan, urnOf)));
  const marks = new Map(existing.map((guest) => [guest, readMark(guest.notes)]));
  for (const plan of plans) {
    const taken = existing.find((guest) => guest.vmid === plan.vmid);
    const urns = urnsOf(plan, urnOf);
    const isOwn = (guest: ExistingGuest): boolean => urns.includes(marks.get(guest)?.urn ?? "");
    if (taken && !isOwn(taken)) {
      const mark = marks.get(taken);
      const left = mark?.stack === stack && !planned.has(mark.urn);
      findings.refusals.push(
        takenVmid(plan, taken, mark, stack) + (left ? offeredName(plan, mark) : ""),
      );
    }
    // A clone or a restored backup carries the mark of its original.
    const own = taken && isOwn(taken) ? taken : existing.find(isOwn);
    const mark = own && marks.get(own);
    if (!own || !mark) continue;
    const reason = replacementReason(plan, own, mark);
    if (!reason) {
      const disks = plan.type === "vm" ? compareDisks(plan, own) : compareMounts(plan, own);
      findings.refusals.push(...disks.refusals);
      findings.notices.push(...disks.notices);
    } else if (plan.replaceable) findings.notices.push(allowedReplacement(plan, own, reason));
    else findings.refusals.push(refusedReplacement(plan, own, reason));
  }
  for (const [guest, mark] of marks) {
    if (mark?.stack !== stack || planned.has(mark.urn)) continue;
    findings.notices.push(
      `guests.${nameIn(mark)} is no longer in the site file: VMID ${guest.vmid} will be deleted, and with it ${disksOf(guest)}.`,
    );
  }
  return findings;
}

/** That of its key, and of the key that it had until now. */
function urnsOf(
  { type, key, renamedFrom }: GuestPlan,
  urnOf: (plan: Pick<GuestPlan, "key" | "type">) => string,
): string[] {
  const former = renamedFrom === undefined ? [] : [{ type, key: renamedFrom }];
  return [{ type, key }, ...former].map(urnOf);
}

function offeredName({ key }: GuestPlan, mark: Mark): string {
  return ` If it is the same guest under another name: guests.${key}.renamedFrom: ${nameIn(mark)}`;
}

/** Inputs that cannot change without another guest; the components ignore them unless a replacement is allowed. */
function replacementReason(plan: GuestPlan, own: ExistingGuest, mark: Mark): string | undefined {
  if (own.vmid !== plan.vmid) return `its VMID would change from ${own.vmid} to ${plan.vmid}`;
  if (plan.type === "vm") {
    const origin = originOf(plan);
    // Only then does the component look at it.
    if (!plan.replaceable || mark.from === origin) return undefined;
    return `what it is made from would change from ${mark.from ?? "nothing"} to ${origin ?? "nothing"}`;
  }
  if (mark.from !== undefined && mark.from !== plan.template.volume) {
    return `its template would change from ${mark.from} to ${plan.template.volume}`;
  }
  if (own.unprivileged !== undefined && own.unprivileged !== plan.unprivileged) {
    const kind = plan.unprivileged ? "unprivileged" : "privileged";
    return `it would become ${kind} (guests.${plan.key}.unprivileged)`;
  }
  return rootDiskReason(plan, own) ?? mountsReason(plan, own);
}

function takenVmid(
  plan: GuestPlan,
  taken: ExistingGuest,
  mark: Mark | undefined,
  stack: string,
): string {
  const what = taken.type === "qemu" ? "a VM" : "a container";
  if (mark?.stack === stack) {
    return (
      `guests.${plan.key}: VMID ${plan.vmid} is still that of guests.${nameIn(mark)}, ${what} on ${taken.node}. ` +
      `Choose another VMID, or take guests.${nameIn(mark)} out and run an update before this one.`
    );
  }
  return (
    `guests.${plan.key}: VMID ${plan.vmid} is taken by ${what} on ${taken.node} that this stack has not made. ` +
    `Choose another VMID, or remove that guest yourself.`
  );
}

function allowedReplacement(plan: GuestPlan, own: ExistingGuest, reason: string): string {
  return `guests.${plan.key}: ${reason}, so it will be deleted and made anew. Lost with it: ${disksOf(own)}.`;
}

function refusedReplacement(plan: GuestPlan, own: ExistingGuest, reason: string): string {
  return (
    `guests.${plan.key}: ${reason}, so it would be deleted and made anew. Lost with it: ${disksOf(own)}. ` +
    `Undo that change, or allow the replacement up to and including a day: guests.${plan.key}.replaceUntil: "<date>"`
  );
}

/** The guest's key in the site file. */
function nameIn(mark: Mark): string {
  return mark.urn.split("::").at(-1) ?? mark.urn;
}
