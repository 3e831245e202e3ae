import { z } from "zod";

/** Fields of such a name that name something else: a guest. */
const OTHERS = ["renamedFrom"];

/** A configuration key that holds a secret. Whatever names one is a field of the site whose name ends in `From`. */
export const secretName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9]*$/, "name a configuration key, as in webRootPassword");

export interface SecretName {
  /** `["guests", "web"]`: the mapping that names it. */
  path: string[];
  name: string;
}

/** Every secret that the site names, in the order of the file. Installation media have secrets of their own. */
export function secretNames(value: unknown, path: string[] = []): SecretName[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === "installation") return [];
    if (OTHERS.includes(key)) return [];
    if (key.endsWith("From") && typeof inner === "string") return [{ path, name: inner }];
    return secretNames(inner, [...path, key]);
  });
}
