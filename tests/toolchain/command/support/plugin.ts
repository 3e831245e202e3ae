import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  credentials,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import {
  type IResourceProviderServer,
  ResourceProviderClient,
} from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { bundleCommandPlugin } from "../../../../toolchain/command/bundle";
import type { Properties } from "../../../../toolchain/command/values";

/** Builds the plugin into a folder of its own, far from any node_modules. */
export async function buildPlugin(): Promise<{ dir: string; remove(): void }> {
  const dir = mkdtempSync(join(tmpdir(), "command-plugin-"));
  await bundleCommandPlugin(dir);
  return { dir, remove: () => rmSync(dir, { recursive: true }) };
}

/** A log service as the engine has it. */
export async function startEngine() {
  const logs: LogRequest.AsObject[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: (call: { request: LogRequest }, callback: (error: null, empty: Empty) => void) => {
      logs.push(call.request.toObject());
      callback(null, new Empty());
    },
  } as unknown as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, logs, stop: () => server.forceShutdown() };
}

/** A running plugin process and a client of it. */
export interface Plugin {
  child: ChildProcess;
  client: ResourceProviderClient;
  /** What it printed on stdout, the port included. */
  printed(): string;
  /** Resolves with the exit code once the process is gone. */
  exited: Promise<number | null>;
}

/** Starts the plugin in `dir` as the engine does: its address as the argument, a pipe as stdin. */
export async function startPlugin(dir: string, ...args: string[]): Promise<Plugin> {
  const child = spawn(join(dir, "pulumi-resource-command"), args, {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let printed = "";
  const port = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the plugin exited with ${code}: ${printed}`)));
    child.stdout.on("data", (text) => {
      printed += text;
      if (printed.endsWith("\n")) resolve(printed.trim());
    });
  });
  const options = { "grpc.max_receive_message_length": -1 };
  const client = new ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    options,
  );
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, client, printed: () => printed, exited };
}

type Methods = {
  [M in keyof IResourceProviderServer]: IResourceProviderServer[M] extends handleUnaryCall<
    infer Q,
    infer R
  >
    ? { request: Q; response: R }
    : never;
};

/** Calls a method of the plugin. Rejects with gRPC's error. */
export function call<M extends keyof Methods & string>(
  { client }: Plugin,
  method: M,
  request: Methods[M]["request"],
): Promise<Methods[M]["response"]> {
  type Done = (error: ServiceError | null, response: Methods[M]["response"]) => void;
  const methods = client as unknown as Record<string, (request: unknown, done: Done) => void>;
  return new Promise((resolve, reject) =>
    methods[method]?.(request, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

/** Properties as protobuf has them. */
export function struct(properties: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

/** Properties from protobuf. */
export function properties(from: Struct | undefined): Properties {
  return (from?.toJavaScript() ?? {}) as Properties;
}
