import { SIGNATURE } from "../../policy/inputs/recorded";
import type { ResourceState } from "../pulumi";

/** A value that should be a secret and can be read. The value itself is in no message. */
export interface PlainSecret {
  urn: string;
  /** `inputs.initialization.userAccount.password`. */
  path: string;
  /** What it looks like. */
  what: string;
}

/** Names of properties that hold nothing but secrets, by how they end. */
const NAMES =
  /(password|passphrase|secret|privatekey|apitoken|authticket|csrfpreventiontoken|encryptionkey|accesskey)$|^token$/i;

const SHAPES: [RegExp, string][] = [
  [
    /[\w.-]+@[\w.-]+![\w.-]+=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i,
    "an API token of Proxmox VE",
  ],
  [/-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----/, "a private key"],
  [/\$(1|5|6|y|2[aby])\$[^\s$]*\$?[./A-Za-z0-9$]{20,}/, "the hash of a password"],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/:@]+@/i, "a password in an address"],
];

/** What can be read in inputs and outputs, by property name and by shape. Pure. */
export function findPlainSecrets(resources: readonly ResourceState[]): PlainSecret[] {
  return resources.flatMap(({ urn, inputs, outputs }) =>
    [...look("inputs", "", inputs), ...look("outputs", "", outputs)].map(([path, what]) => ({
      urn,
      path,
      what,
    })),
  );
}

function look(path: string, key: string, value: unknown): [path: string, what: string][] {
  if (typeof value === "string") {
    const what = whatIs(key, value);
    return what === undefined ? [] : [[path, what]];
  }
  if (Array.isArray(value))
    return value.flatMap((one, index) => look(`${path}[${index}]`, key, one));
  if (typeof value !== "object" || value === null || SIGNATURE in value) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    // Pulumi's own notes on an input: names, no values.
    name === "__defaults" ? [] : look(`${path}.${name}`, name, one),
  );
}

function whatIs(key: string, text: string): string | undefined {
  const shape = SHAPES.find(([pattern]) => pattern.test(text));
  if (shape) return shape[1];
  return NAMES.test(key) && text !== "" ? `a secret by its name, ${key}` : undefined;
}
