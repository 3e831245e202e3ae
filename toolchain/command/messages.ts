import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Change, topLevel } from "./diff";
import type { Failure } from "./inputs";
import type { Properties } from "./values";

/** The answer to a check. */
export function toCheck(inputs: Properties, failures: Failure[]): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(inputs));
  for (const { property, reason } of failures) {
    const failure = new proto.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

/** The answer to a diff, in detail. */
export function toDiff(changes: Map<string, Change>): proto.DiffResponse {
  const response = new proto.DiffResponse();
  const names = (replaceOnly: boolean) => [
    ...new Set(
      [...changes].filter(([, c]) => c.replace || !replaceOnly).map(([path]) => topLevel(path)),
    ),
  ];
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  response.setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(names(false));
  response.setReplacesList(names(true));
  response.setHasdetaileddiff(true);
  for (const [path, change] of changes) {
    const detail = new proto.PropertyDiff();
    detail.setKind(toKind(change));
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

function toKind({ kind, replace }: Change) {
  const Kind = proto.PropertyDiff.Kind;
  switch (kind) {
    case "add":
      return replace ? Kind.ADD_REPLACE : Kind.ADD;
    case "delete":
      return replace ? Kind.DELETE_REPLACE : Kind.DELETE;
    case "update":
      return replace ? Kind.UPDATE_REPLACE : Kind.UPDATE;
    default:
      return kind satisfies never;
  }
}

/** Properties from protobuf. */
export function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

/** Properties as protobuf has them. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}
