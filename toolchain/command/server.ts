import type { handleUnaryCall, ServiceError, UntypedServiceImplementation } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { EngineLog } from "./engineLog";
import { fromStruct, toCheck, toDiff, toStruct } from "./messages";
import type { Operations } from "./operations";
import { CommandProvider, unsupported } from "./provider";
import { SCHEMA, VERSION } from "./schema";

/** What the released plugin leaves in the state of its provider resource; the same here keeps that resource unchanged. */
const STATE_MARKER = { "__pulumi-go-provider-version": "1.2.0" };

/** The methods of the gRPC service that the engine calls. Methods that are not here answer "unimplemented". */
export function service(operations: Operations, log: EngineLog): UntypedServiceImplementation {
  const provider = new CommandProvider({ operations, logOf: (urn) => log.of(urn) });
  const methods: Partial<IResourceProviderServer> = {
    getPluginInfo: answer(() => {
      const response = new PluginInfo();
      response.setVersion(VERSION);
      return response;
    }),
    attach: answer((request) => {
      log.attach(request.getAddress());
      return new Empty();
    }),
    cancel: answer(() => {
      operations.cancel();
      return new Empty();
    }),
    getSchema: answer(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema(JSON.stringify(SCHEMA));
      return response;
    }),
    checkConfig: answer((request) => {
      return toCheck({ ...fromStruct(request.getNews()), ...STATE_MARKER }, []);
    }),
    configure: answer(() => {
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(true);
      return response;
    }),
    invoke: answer((request) => {
      throw unsupported(request.getTok());
    }),
    construct: answer((request) => {
      throw unsupported(request.getType());
    }),
    check: answer((request) => {
      const { inputs, failures } = provider.check(request.getUrn(), fromStruct(request.getNews()));
      return toCheck(inputs, failures);
    }),
    diff: answer((request) => {
      const olds = {
        inputs: fromStruct(request.getOldInputs()),
        state: fromStruct(request.getOlds()),
      };
      const news = fromStruct(request.getNews());
      return toDiff(provider.diff(request.getUrn(), olds, news, request.getIgnorechangesList()));
    }),
    create: answer(async (request) => {
      const { id, outputs } = await provider.create({
        urn: request.getUrn(),
        inputs: fromStruct(request.getProperties()),
        state: {},
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      const response = new proto.CreateResponse();
      response.setId(id);
      response.setProperties(toStruct(outputs));
      return response;
    }),
    // Nothing is ever read back from a host.
    read: answer((request) => {
      const response = new proto.ReadResponse();
      response.setId(request.getId());
      response.setProperties(request.getProperties() ?? new Struct());
      response.setInputs(request.getInputs() ?? new Struct());
      return response;
    }),
    update: answer(async (request) => {
      const outputs = await provider.update(
        {
          urn: request.getUrn(),
          inputs: fromStruct(request.getNews()),
          state: fromStruct(request.getOlds()),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
        },
        request.getIgnorechangesList(),
      );
      const response = new proto.UpdateResponse();
      response.setProperties(toStruct(outputs));
      return response;
    }),
    delete: answer(async (request) => {
      const state = fromStruct(request.getProperties());
      const timeout = request.getTimeout();
      await provider.delete({
        urn: request.getUrn(),
        inputs: state,
        state,
        preview: false,
        timeout,
      });
      return new Empty();
    }),
  };
  return methods as UntypedServiceImplementation;
}

// An error reaches the engine as its message alone.
function answer<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    new Promise<Response>((resolve) => resolve(work(call.request))).then(
      (response) => callback(null, response),
      (error: Error) => {
        const failure: Partial<ServiceError> = { code: status.UNKNOWN, details: error.message };
        callback(failure);
      },
    );
  };
}
