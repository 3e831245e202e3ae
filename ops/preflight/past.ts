import type { Step } from "../../components/cluster/steps";
import { readScript } from "../../components/scriptText";
import type { ResourceState } from "../pulumi";

/** What an update has to do, as far as the state tells. */
export interface Past {
  /** Steps that have never come to their end, or have to be done again, by name. */
  missing: Set<string>;
  /** Steps that run again, because what a host would be told has changed since. */
  changed: Set<string>;
}

export function readPast(steps: Step[], resources: ResourceState[]): Past {
  const made = new Map(
    resources.filter(isDone).map((resource) => [resource.urn.split("::").at(-1) ?? "", resource]),
  );
  const missing = new Set<string>();
  const changed = new Set<string>();
  for (const step of steps) {
    const resource = made.get(step.name);
    if (!resource) missing.add(step.name);
    else if (plainText(resource.inputs?.stdin) !== textOf(step, made)) changed.add(step.name);
  }
  return { missing, changed };
}

/** `ops node remove` taints steps that have to be done again; one that waits to be deleted is another's past. */
function isDone({ urn, taint, delete: old }: ResourceState): boolean {
  return /:cluster:Cluster\$command:remote:Command::/.test(urn) && taint !== true && old !== true;
}

/** As the cluster component puts it together. */
function textOf(step: Step, made: Map<string, ResourceState>): string {
  const { host, script, parts = [], variables, printed = {} } = step;
  const texts = Object.entries(printed).map(([variable, names]) => [
    variable,
    names.map((name) => plainText(made.get(name)?.outputs?.stdout) ?? "").join("\n"),
  ]);
  return readScript(
    script,
    parts,
  )({
    ...variables,
    ...(Object.fromEntries(texts) as Record<string, string>),
    HOST: host,
  });
}

/** With `--show-secrets` a secret is an object around its JSON text. */
export function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const plain = (value as { plaintext?: string } | undefined)?.plaintext;
  return plain === undefined ? undefined : String(JSON.parse(plain));
}
