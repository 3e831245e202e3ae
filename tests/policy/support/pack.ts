import * as server from "@pulumi/policy/server";
import {
  AnalyzerProviderResource,
  AnalyzeRequest,
  AnalyzerResource,
  AnalyzerResourceOptions,
  type AnalyzeResponse,
  AnalyzeStackRequest,
  type RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** What `new PolicyPack` is given. */
export interface Pack {
  name: string;
  policies: { name: string; description: string; enforcementLevel: string }[];
}

export interface PackResource {
  type: string;
  urn: string;
  name: string;
  inputs: Record<string, unknown>;
  /** URN of its component. */
  parent?: string;
  protect?: boolean;
  dependencies?: string[];
  /** `urn::id`. */
  provider?: string;
  /** The program has it no more: the engine shows it among the stack's resources only. */
  deleted?: boolean;
}

export interface Diagnostic {
  policy: string;
  level: string;
  urn: string;
  /** The policy's description, then the message. */
  message: string;
}

type Handler<Response> = (
  call: { request: unknown },
  callback: (error: Error | null, response: Response) => void,
) => Promise<void>;
type MakeHandler<Response> = (
  name: string,
  version: string,
  level: string,
  policies: unknown,
) => Handler<Response>;
/** CrossGuard's answers to the CLI; its types leave them out. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun, makeRemediateRpcFun } =
  server as unknown as Record<
    "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
    MakeHandler<AnalyzeResponse>
  > &
    Record<"makeRemediateRpcFun", MakeHandler<RemediateResponse>>;

/**
 * One run as the CLI does it: every resource with its inputs, then the stack. In a preview of a new stack the
 * resources' outputs, which the stack is judged by, are empty.
 */
export async function run(pack: Pack, resources: PackResource[]): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const resource of resources)
    if (!resource.deleted) diagnostics.push(...(await analyze(pack, resource)));
  return [...diagnostics, ...(await analyzeStack(pack, resources))];
}

/** Hands over one resource. */
export async function analyze(pack: Pack, resource: PackResource): Promise<Diagnostic[]> {
  return diagnosticsIn(await answer(makeAnalyzeRpcFun, pack, requestFor(resource)));
}

/** The resource with its inputs as the pack's remedies leave them, which is what the engine then hands over. */
export async function remediate(pack: Pack, resource: PackResource): Promise<PackResource> {
  const response = await answer(makeRemediateRpcFun, pack, requestFor(resource));
  const last = response.getRemediationsList().at(-1);
  if (last?.getDiagnostic()) throw new Error(last.getDiagnostic());
  const inputs = last?.getProperties()?.toJavaScript() ?? resource.inputs;
  return { ...resource, inputs };
}

function requestFor({ type, urn, name, inputs, protect = false }: PackResource): AnalyzeRequest {
  const request = new AnalyzeRequest();
  request.setType(type);
  request.setUrn(urn);
  request.setName(name);
  request.setProperties(
    Struct.fromJavaScript(inputs as Parameters<typeof Struct.fromJavaScript>[0]),
  );
  const options = new AnalyzerResourceOptions();
  options.setProtect(protect);
  request.setOptions(options);
  return request;
}

async function analyzeStack(pack: Pack, resources: PackResource[]): Promise<Diagnostic[]> {
  const request = new AnalyzeStackRequest();
  request.setResourcesList(
    resources.map(({ type, urn, name, parent = "", dependencies = [], provider }) => {
      const resource = new AnalyzerResource();
      resource.setType(type);
      resource.setUrn(urn);
      resource.setName(name);
      resource.setProperties(Struct.fromJavaScript({}));
      resource.setOptions(new AnalyzerResourceOptions());
      resource.setParent(parent);
      resource.setDependenciesList(dependencies);
      if (provider) {
        const made = new AnalyzerProviderResource();
        made.setUrn(provider.replace(/::[^:]*$/, ""));
        made.setProperties(Struct.fromJavaScript({}));
        resource.setProvider(made);
      }
      return resource;
    }),
  );
  return diagnosticsIn(await answer(makeAnalyzeStackRpcFun, pack, request));
}

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"];

function answer<Response>(
  make: MakeHandler<Response>,
  pack: Pack,
  request: unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const handle = make(pack.name, "0.1.0", "advisory", pack.policies);
    handle({ request }, (error, response) => (error ? reject(error) : resolve(response))).catch(
      reject,
    );
  });
}

function diagnosticsIn(response: AnalyzeResponse): Diagnostic[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: LEVELS[diagnostic.getEnforcementlevel()] ?? "",
    urn: diagnostic.getUrn(),
    message: diagnostic.getMessage(),
  }));
}
