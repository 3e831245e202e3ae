import type { RawParameters } from "./verify";

/** Parameters of a query or of a form. A key that is sent more than once becomes a list. */
export function formParameters(search: URLSearchParams): RawParameters {
  const result: RawParameters = {};
  for (const [key, value] of search) {
    const before = result[key];
    if (before === undefined) result[key] = value;
    else result[key] = [...(Array.isArray(before) ? before : [before]), value];
  }
  return result;
}

/** Parameters of a JSON body, as a form would have sent them. */
export function jsonParameters(body: Record<string, unknown>): RawParameters {
  const plain = (value: unknown): string =>
    typeof value === "boolean" ? (value ? "1" : "0") : String(value);
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(plain) : plain(value),
    ]),
  );
}
