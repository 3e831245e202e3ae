import { nameIn, SIGNATURE } from "../../policy/inputs/recorded";
import { valueAt } from "../report/diff";
import type { Finding } from "./findings";

/** A step of `pulumi preview --json`. */
export interface Step {
  op: string;
  urn: string;
  oldState?: { inputs?: Record<string, unknown>; outputs?: Record<string, unknown>; type?: string };
  newState?: { inputs?: Record<string, unknown>; type?: string };
  detailedDiff?: Record<string, unknown> | null;
}

/** Steps that change nothing: what is as it was, and what is only read. */
const QUIET = ["same", "refresh", "read", "discard", "read-discard"];

/** Of a replacement the engine tells three steps; this one is enough. */
const REPEATED = ["create-replacement", "delete-replaced"];

/** What the next update would do: by what somebody has changed since the last, or by a file that nobody has applied. */
export function changedResources(steps: Step[], stack: string): Finding[] {
  return steps
    .filter(({ op, urn }) => ![...QUIET, ...REPEATED].includes(op) && !isComponent(urn))
    .map((step) => ({
      kind: "changed",
      resource: nameOf(step.urn),
      what: inWords(step),
      remedy: `apply what the file says: pulumi up --stack ${stack}; or put into the file what is there now`,
    }));
}

/** Ours are folders of resources; what changes is what they hold. */
function isComponent(urn: string): boolean {
  return /^(proxmox-ha:|pulumi:pulumi:Stack$)/.test(typeOf(urn));
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  const [, kind = ""] = /:(\w+)$/.exec(typeOf(urn)) ?? [];
  return `${kind} ${nameIn(urn)}`.trim();
}

function inWords({ op, oldState, newState, detailedDiff }: Step): string {
  if (op === "create") return "it is gone";
  if (op === "delete") return "it is in the state, and no longer in the file";
  if (typeOfStep(oldState, newState) === "command:remote:Command") {
    return "its step is to run again: the script, or what it is given, is another";
  }
  const paths = Object.keys(detailedDiff ?? {});
  const first = paths.slice(0, 5).map((path) => {
    const there = valueAt(oldState?.outputs, path) ?? valueAt(oldState?.inputs, path);
    return `${path} is ${shown(there)}, and described as ${shown(valueAt(newState?.inputs, path))}`;
  });
  const more = paths.length > 5 ? `; ${paths.length - 5} more` : "";
  const replaced = op === "replace" ? " (it would be replaced)" : "";
  return first.length > 0
    ? `${first.join("; ")}${more}${replaced}`
    : `it would be changed${replaced}`;
}

function typeOfStep(oldState: Step["oldState"], newState: Step["newState"]): string | undefined {
  return newState?.type ?? oldState?.type;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  const text = JSON.stringify(value);
  if (text.includes(SIGNATURE) || text === '"[secret]"') return "a secret";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
