import Ajv, { type ErrorObject } from "ajv";
import { stackFileJsonSchema } from "../../../../components/reference/jsonSchema";
import { policiesSchema } from "../../../../policy/settings/schema";

const ajv = new Ajv({ allErrors: true, jsonPointers: true });
const validate = ajv.compile(stackFileJsonSchema(policiesSchema));

/** Where an editor would mark a stack file, as paths with dots; each once. */
export function marksIn(file: unknown): string[] {
  validate(file);
  return [...new Set((validate.errors ?? []).map(placeOf))];
}

/** The same for a site; paths begin in it. */
export function marksInSite(site: unknown): string[] {
  const prefix = "config.proxmox-ha:site";
  return marksIn({ config: { "proxmox-ha:site": site } }).map((place) =>
    place.slice(prefix.length + 1),
  );
}

/** A key that is missing, unknown or no name is the place itself, as in zod's problems. */
function placeOf({ dataPath, params }: ErrorObject): string {
  const { missingProperty, additionalProperty, propertyName } = params as Record<string, unknown>;
  const key = missingProperty ?? additionalProperty ?? propertyName;
  const path = dataPath.split("/").slice(1);
  return [...path, ...(key === undefined ? [] : [String(key)])].join(".");
}
