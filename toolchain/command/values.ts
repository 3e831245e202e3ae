/**
 * Property values as the engine and a plugin exchange them: JSON, in which an object with a signature stands for a secret
 * and some fixed strings stand for values that are not known yet (during preview).
 */
export type Value = null | boolean | number | string | Value[] | Properties;
/** A resource's properties by name. */
export type Properties = { [name: string]: Value };

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

// Signed objects that are equal if these entries are: assets and archives by content, resources by identity.
const IDENTITY: Readonly<Record<string, string[]>> = {
  c44067f5952c0a294b673a41bacd8c17: ["hash"],
  "0def7320c3a5731c473e5ecbe6d01bc7": ["hash"],
  "5cf8f73096256a8f31e491e813e4eb8e": ["urn", "id"],
};

/** The unknown value this plugin writes: an unknown string. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// One for each type: bool, number, string, array, asset, archive, object.
const UNKNOWNS: ReadonlySet<Value> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  UNKNOWN,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether this is an object, signed ones (secrets, assets) included. */
export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether this is an object without a signature. */
export function isPlainObject(value: Value | undefined): value is Properties {
  return isObject(value) && !(SIGNATURE in value);
}

/** Whether this very value is a secret; what is inside it may have more. */
export function isSecret(value: Value | undefined): value is Properties {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** The value as a secret; unchanged where it is one. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** The value without the secret around it; secrets inside it stay. */
export function reveal(value: Value): Value {
  return isSecret(value) ? reveal(value.value ?? null) : value;
}

/** The value without any secret wrapper, at any depth. Only for use, never for state or messages. */
export function revealAll(value: Value): Value {
  const inner = reveal(value);
  if (Array.isArray(inner)) return inner.map(revealAll);
  if (isObject(inner)) {
    return Object.fromEntries(Object.entries(inner).map(([name, v]) => [name, revealAll(v)]));
  }
  return inner;
}

/** Changes what is inside a secret, or the value itself where it is none. */
export function mapRevealed(value: Value, change: (inner: Value) => Value): Value {
  return isSecret(value) ? secret(mapRevealed(value.value ?? null, change)) : change(value);
}

/** The same object without entries that are null, at any depth: there Pulumi takes null and absent for the same. */
export function withoutNulls(object: Properties): Properties {
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutInnerNulls(value)]));
}

function withoutInnerNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutInnerNulls); // a list keeps its own: they have a place
  return isObject(value) ? withoutNulls(value) : value;
}

/** Whether this very value is not known yet; a secret may be unknown. */
export function isUnknown(value: Value): boolean {
  return UNKNOWNS.has(reveal(value));
}

/** Whether this value, or any value inside it, is not known yet. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value).some(hasUnknown);
  return UNKNOWNS.has(value);
}

/** Deep equality; a secret and the same value in plain differ, as they do for the released plugin. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => equal(value, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const all = new Set([...Object.keys(a), ...Object.keys(b)]);
    const identity = IDENTITY[String(a[SIGNATURE])];
    const compared = identity?.every((name) => name in a) ? [SIGNATURE, ...identity] : [...all];
    return compared.every((name) => equal(a[name], b[name]));
  }
  return (a ?? null) === (b ?? null);
}
