import {
  isPlainObject,
  isUnknown,
  mapRevealed,
  type Properties,
  reveal,
  secret,
  type Value,
  withoutNulls,
} from "./values";

type Kind = "string" | "number" | "integer" | "boolean" | "list" | "strings" | "connection";

/** The inputs of `command:remote:Command` and their types. */
export const COMMAND: Readonly<Record<string, Kind>> = {
  connection: "connection",
  create: "string",
  update: "string",
  delete: "string",
  triggers: "list",
  stdin: "string",
  environment: "strings",
  logging: "string",
  addPreviousOutputInEnv: "boolean",
};

const CONNECTION: Readonly<Record<string, Kind>> = {
  host: "string",
  port: "number",
  user: "string",
  password: "string",
  privateKey: "string",
  privateKeyPassword: "string",
  agentSocketPath: "string",
  hostKey: "string",
  dialErrorLimit: "integer",
  perDialTimeout: "integer",
};

/** What a connection says where the program says nothing. */
export const DEFAULTS = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

/** What in a connection is a secret of its own. All of it is secret in the state, but messages may name host and user. */
export const CREDENTIALS: ReadonlySet<string> = new Set([
  "password",
  "privateKey",
  "privateKeyPassword",
]);

/** Why a connection with a proxy is refused. */
export const NO_PROXY =
  "A proxy is not supported by the command plugin that this project builds. " +
  "TOOLCHAIN=system uses an installed Pulumi with the released plugin, which supports it.";

/** An input that is wrong, and why. */
export interface Failure {
  property: string;
  reason: string;
}

/**
 * Checks a command's inputs and completes them: defaults in the connection, secrets marked, nulls dropped.
 * With failures the inputs come back as they were, but with the secrets marked.
 */
export function checkInputs(news: Properties): { inputs: Properties; failures: Failure[] } {
  const given = withoutNulls(news);
  const failures = [...missing(given, "connection"), ...checkFields(given, COMMAND, "")];
  if (given.connection === undefined) return { inputs: given, failures };
  const defaults: Properties = failures.length === 0 ? DEFAULTS : {};
  const connection = mapRevealed(given.connection, (inner) =>
    isPlainObject(inner) ? markCredentials({ ...defaults, ...inner }) : inner,
  );
  return { inputs: { ...given, connection: secret(connection) }, failures };
}

function markCredentials(connection: Properties): Properties {
  return Object.fromEntries(
    Object.entries(connection).map(([name, value]) => [
      name,
      CREDENTIALS.has(name) ? secret(value) : value,
    ]),
  );
}

function checkFields(
  object: Properties,
  fields: Readonly<Record<string, Kind>>,
  path: string,
): Failure[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const property = `${path}${name}`;
    const kind = Object.hasOwn(fields, name) && fields[name];
    if (kind) return checkKind(property, kind, value);
    if (property === "connection.proxy") return [{ property, reason: NO_PROXY }];
    const known = Object.keys(fields).join(", ");
    return [{ property, reason: `There is no such property. Use one of: ${known}.` }];
  });
}

function checkKind(property: string, kind: Kind, value: Value): Failure[] {
  if (value === null || isUnknown(value)) return [];
  const inner = reveal(value);
  const wrong = (wanted: string) => [
    { property, reason: `This must be ${wanted}, but it is ${nameOf(inner)}.` },
  ];
  switch (kind) {
    case "string":
      return typeof inner === "string" ? [] : wrong("a string");
    case "boolean":
      return typeof inner === "boolean" ? [] : wrong("true or false");
    case "number":
      return typeof inner === "number" ? [] : wrong("a number");
    case "integer":
      return Number.isInteger(inner) ? [] : wrong("a whole number");
    case "list":
      return Array.isArray(inner) ? [] : wrong("a list");
    case "strings":
      if (!isPlainObject(inner)) return wrong("a map of strings");
      return Object.entries(inner).flatMap(([k, v]) => checkKind(`${property}.${k}`, "string", v));
    case "connection":
      if (!isPlainObject(inner)) return wrong("an object");
      return [
        ...missing(inner, "host", `${property}.`),
        ...checkFields(inner, CONNECTION, `${property}.`),
      ];
    default:
      return kind satisfies never;
  }
}

function missing(object: Properties, name: string, path = ""): Failure[] {
  return name in object ? [] : [{ property: `${path}${name}`, reason: "This is required." }];
}

function nameOf(value: Value): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" && !Number.isInteger(value)) return "a fraction";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
