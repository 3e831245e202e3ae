import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** A resource as the engine would get it: what a program asks for, with every option. */
export interface Registered {
  type: string;
  name: string;
  urn: string;
  /** URN of the component that it belongs to; empty at the top. */
  parent: string;
  custom: boolean;
  /** Inputs, secrets still marked: see `isSecret` and `plain`. */
  inputs: Record<string, unknown>;
  /** URNs of what must be there first, whether by `dependsOn` or by an input. */
  dependencies: string[];
  /** `urn::id`; empty for the default provider. */
  provider: string;
  protect: boolean;
  deleteBeforeReplace: boolean;
  retainOnDelete: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  secretOutputs: string[];
  /** Names that it had before; what a component has made is known under those of the component too. */
  aliases: string[];
}

/** What a resource of that name answers with, beside its inputs. */
export type Answers = Record<string, Record<string, unknown>>;

interface Options {
  stack?: string;
  preview?: boolean;
  answers?: Answers;
}

/** Runs a program against a stand-in for the engine and returns what it registers, in that order. */
export async function register(program: () => void, options: Options = {}): Promise<Registered[]> {
  const { answers = {}, stack = "dev", preview } = options;
  await standIn(stack, preview, answers);
  const registered: Registered[] = [];
  const failures: Error[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const registerResource = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) =>
    registerResource(request, (error: Error | null, response: { getUrn(): string }) => {
      if (error) failures.push(error);
      else registered.push(record(request, response.getUrn()));
      callback(error, response);
    });
  // The SDK takes a stack trace for every resource, and source maps make each of them slow.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    program();
    await settled();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (failures[0]) throw failures[0];
  return registered;
}

/** Sets stack and configuration for code that only reads them. */
export async function useStack(stack: string, config: Record<string, string>): Promise<void> {
  await standIn(stack);
  pulumi.runtime.setAllConfig(config);
}

function standIn(stack: string, preview = false, answers: Answers = {}): Promise<void> {
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ name, inputs }) => ({
      id: `${name}-id`,
      state: { ...(inputs as object), ...answers[name] },
    }),
    call: () => ({}),
  };
  return pulumi.runtime.setMocks(mocks, "proxmox-ha", stack, preview);
}

function record(request: RegisterResourceRequest, urn: string): Registered {
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
    protect: request.getProtect() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    retainOnDelete: request.getRetainondelete() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getName() ?? alias.getUrn()),
  };
}

/** Resolves when nothing is on its way to the engine any more. */
async function settled(): Promise<void> {
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
  await waitForRPCs();
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function isSecret(value: unknown): boolean {
  return isMapping(value) && value[SIGNATURE] === SECRET;
}

/** The value with all marks of secrets taken off. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isMapping(value)) return value;
  if (isSecret(value)) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
