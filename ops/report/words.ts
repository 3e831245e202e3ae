import { type AfterLoss, gibibytes } from "../../policy/facts/failover";
import type { Ending, Endings, Failure } from "../../policy/facts/failures";
import { some } from "../../policy/facts/known";
import type { Report } from "./model";
import type { Change, Operation, Plan, PolicyViolation } from "./read";

export const OPERATIONS: readonly Operation[] = ["create", "update", "replace", "delete"];

export const NO_PLAN =
  "This is the stack's state: without a preview's events there is no plan and no policy verdict here.";

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Changes of resources that are there in the cluster; a component's are the program's own. */
export function realChanges({ changes }: Plan): Change[] {
  return changes.filter(({ real }) => real);
}

/** `3 to create, 2 to update, 42 unchanged.` */
export function countsInWords(plan: Plan): string {
  const changes = realChanges(plan);
  if (changes.length === 0)
    return `Nothing changes: ${plural(plan.unchanged, "resource")} as before.`;
  const counts = OPERATIONS.map((operation) => ({
    operation,
    count: changes.filter((change) => change.operation === operation).length,
  })).filter(({ count }) => count > 0);
  return `${counts.map(({ operation, count }) => `${count} to ${operation}`).join(", ")}, ${plan.unchanged} unchanged.`;
}

export interface Verdicts {
  mandatory: PolicyViolation[];
  advisory: PolicyViolation[];
  /** What the configuration excuses, as the pack's own policy tells it. */
  excused: PolicyViolation[];
}

export function verdictsOf({ verdict }: Plan): Verdicts {
  const { violations = [] } = verdict ?? {};
  const isExcused = ({ rule }: PolicyViolation): boolean => rule === "excused-violations";
  const others = violations.filter((one) => !isExcused(one));
  return {
    mandatory: others.filter(({ level }) => level === "mandatory"),
    advisory: others.filter(({ level }) => level !== "mandatory"),
    excused: violations.filter(isExcused),
  };
}

/** The first line: whether the change may be made. */
export function headline({ plan }: Report): { good: boolean; text: string } {
  if (!plan) return { good: true, text: NO_PLAN };
  const { mandatory, advisory } = verdictsOf(plan);
  if (mandatory.length > 0) {
    const rules = [...new Set(mandatory.map(({ rule }) => rule))];
    return {
      good: false,
      text: `The policies refuse this change: ${plural(mandatory.length, "violation")} of ${some(rules)}.`,
    };
  }
  if (plan.errors.length > 0)
    return { good: false, text: `The preview failed: ${plural(plan.errors.length, "error")}.` };
  if (!plan.verdict) return { good: false, text: "No policies judged this change." };
  const advice =
    advisory.length > 0
      ? `, with ${plural(advisory.length, "piece of advice", "pieces of advice")}`
      : "";
  return { good: true, text: `The policies let this change pass${advice}.` };
}

export function failureInWords(failure: Failure): string {
  switch (failure.kind) {
    case "node":
      return `${failure.name} is lost`;
    case "witness":
      return `the witness ${failure.name} stops voting`;
    case "server":
      return `${failure.name} is lost: ${some(failure.storages)}${failure.witness ? " and the witness" : ""}`;
    case "switch":
      return "the switch is lost";
    case "cable":
      return `a cable of ${failure.name} is pulled`;
    default:
      return failure satisfies never;
  }
}

/** `pve01 holds 2 of 3 votes; pve02 1, too few.` */
export function votesInWords({ parts }: Ending, { votes }: Endings): string {
  const held = parts.map(({ nodes, votes: own, quorate }, index) => {
    const who = nodes.length > 0 ? some(nodes) : "nobody";
    const number = index === 0 ? `${own} of ${votes} votes` : String(own);
    return `${who}: ${number}${quorate ? "" : ", too few"}`;
  });
  return held.join("; ");
}

/** How bad an ending is: nothing stops, HA mends it, or something is down until what broke is back. */
export type Grade = "holds" | "recovers" | "outage";

export function gradeOf({ parts, stopped, hanging, recovered, reset }: Ending): Grade {
  const nobody = parts.every(({ quorate }) => !quorate);
  if (nobody || stopped.length > 0 || hanging.length > 0) return "outage";
  return recovered.length > 0 || reset.length > 0 ? "recovers" : "holds";
}

export const GRADES: Record<Grade, string> = {
  holds: "nothing stops",
  recovers: "HA recovers",
  outage: "outage",
};

export function endingInWords(ending: Ending): string {
  const { parts, reset, readOnly, recovered, stopped, hanging, tolerant } = ending;
  const nobody = parts.every(({ quorate }) => !quorate);
  const are = (names: string[], one: string, many: string): string =>
    `${some(names)} ${names.length === 1 ? one : many}`;
  const sentences = [
    reset.length > 0 && are(reset, "resets itself.", "reset themselves."),
    readOnly.length > 0 &&
      are(readOnly, "has no majority", "have no majority") + ": /etc/pve is read-only there.",
    recovered.length > 0 &&
      are(recovered, "starts again on another node.", "start again on another node."),
    hanging.length > 0 &&
      are(hanging, "hangs", "hang") + ": the disks are away, and failover cannot help.",
    stopped.length > 0 && are(stopped, "is down", "are down") + " until it is back.",
    reset.length + readOnly.length + recovered.length + hanging.length + stopped.length === 0 &&
      "Nothing stops.",
    nobody && "No node has a majority: nothing can be changed or started until it is back.",
    !nobody && !tolerant && "No further vote may be lost meanwhile.",
  ];
  return sentences.filter(Boolean).join(" ");
}

export interface RoomRow {
  lost: string;
  node: string;
  fits: boolean;
  /** `2.75 GiB`. */
  room: string;
  need: string;
  guests: string;
}

/** What each node would have to run after each loss. */
export function roomRows(losses: AfterLoss[], most: number): RoomRow[] {
  return losses.flatMap(({ lost, survivors, stranded }) => {
    const rows = survivors.map(({ host, loads, total }) => ({
      ...{ lost, node: host.name, fits: total <= host.room },
      ...{ room: gibibytes(host.room, Math.floor), need: gibibytes(total) },
      guests: listed(loads, most),
    }));
    if (stranded.length === 0) return rows;
    const total = stranded.reduce((sum, { need }) => sum + need, 0);
    const away = { room: "–", need: gibibytes(total), guests: listed(stranded, most) };
    return [...rows, { lost, node: "nowhere", fits: true, ...away }];
  });
}

function listed(loads: { name: string; need: number }[], most: number): string {
  if (loads.length === 0) return "none";
  const largest = [...loads].sort((a, b) => b.need - a.need);
  return some(
    largest.map(({ name, need }) => `${name} ${gibibytes(need)}`),
    most,
  );
}
