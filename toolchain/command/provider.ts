import { randomBytes } from "node:crypto";
import { type Output, readCommand } from "./command";
import { type Change, diffInputs } from "./diff";
import type { ResourceLog } from "./engineLog";
import { checkInputs, type Failure } from "./inputs";
import type { Operations } from "./operations";
import { previewCreate, previewUpdate } from "./preview";
import { redactor } from "./redact";
import { run } from "./run";
import type { Properties } from "./values";

const TYPE = "command:remote:Command";

/** What the provider works with. */
export interface Surroundings {
  operations: Operations;
  /** The log of the resource with this URN. */
  logOf(urn: string): ResourceLog;
}

/** A change to make. */
export interface Job {
  urn: string;
  /** New inputs, or on delete those in the state. */
  inputs: Properties;
  /** Inputs and outputs as they are in the state; empty on create. */
  state: Properties;
  preview: boolean;
  /** Seconds, 0 for no limit. */
  timeout: number;
}

/** The resource `command:remote:Command`, as the released plugin 1.2.1 has it. */
export class CommandProvider {
  constructor(private readonly surroundings: Surroundings) {}

  check(urn: string, news: Properties): { inputs: Properties; failures: Failure[] } {
    expectCommand(urn);
    return checkInputs(news);
  }

  /** `ignoreChanges` are names of properties; the engine itself handles paths. */
  diff(
    urn: string,
    olds: { inputs: Properties; state: Properties },
    news: Properties,
    ignoreChanges: string[],
  ): Map<string, Change> {
    expectCommand(urn);
    return diffInputs(olds.inputs, keepIgnored(news, olds.state, ignoreChanges));
  }

  async create(job: Job): Promise<{ id: string; outputs: Properties }> {
    const id = `${expectCommand(job.urn)}${randomBytes(4).toString("hex")}`;
    if (job.preview) return { id, outputs: previewCreate(job.inputs) };
    const output = await this.#run(job, "create");
    return { id, outputs: { ...job.inputs, stdout: "", stderr: "", ...output } };
  }

  async update(job: Job, ignoreChanges: string[]): Promise<Properties> {
    expectCommand(job.urn);
    const inputs = keepIgnored(job.inputs, job.state, ignoreChanges);
    if (job.preview) return previewUpdate(inputs, job.state);
    const output = await this.#run({ ...job, inputs }, "update", "create");
    const { stdout = "", stderr = "" } = job.state;
    return { ...inputs, stdout, stderr, ...output };
  }

  async delete(job: Job): Promise<void> {
    expectCommand(job.urn);
    await this.#run(job, "delete");
  }

  // Runs the first of these commands that the resource has; undefined where it has none: then nothing is reached for.
  async #run(
    { urn, inputs, state, timeout }: Job,
    ...steps: ("create" | "update" | "delete")[]
  ): Promise<Output | undefined> {
    const step = steps.find((name) => (inputs[name] ?? null) !== null);
    if (step === undefined) return undefined;
    const command = readCommand(inputs, state);
    const text = command[step] ?? "";
    const { operations, logOf } = this.surroundings;
    const redact = redactor(inputs, state);
    const log = logOf(urn);
    try {
      return await operations.run(timeout, (signal) => run(text, command, { log, redact, signal }));
    } catch (error) {
      throw new Error(redact(error instanceof Error ? error.message : String(error)));
    } finally {
      await log.flush();
    }
  }
}

/** Says that a type or function is left out here, and where it is. */
export function unsupported(token: string): Error {
  return new Error(
    `${token} is not in the command plugin that this project builds: it has ${TYPE} only. ` +
      "TOOLCHAIN=system uses an installed Pulumi with the released plugin, which has it.",
  );
}

// Returns the resource's name: urn:pulumi:stack::project::parents$type::name.
function expectCommand(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.slice(types.lastIndexOf("$") + 1);
  if (type !== TYPE) throw unsupported(type);
  return name.join("::");
}

function keepIgnored(news: Properties, state: Properties, ignoreChanges: string[]): Properties {
  const kept = ignoreChanges.filter((name) => name in state);
  return { ...news, ...Object.fromEntries(kept.map((name) => [name, state[name] ?? null])) };
}
