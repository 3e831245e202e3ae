import { readFileSync, writeFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";

/** What stands in a stack's file for its secrets: nobody who reviews needs to know them, and most may not. */
export const PLACEHOLDER = "not-known-in-reviews";

/** The keys of a stack's file that hold a secret. */
export function secretKeys(path: string): string[] {
  const config = parseDocument(readFileSync(path, "utf8")).get("config");
  if (!isMap(config)) return [];
  return config.items.flatMap(({ key, value }) =>
    isMap(value) && value.items.length === 1 && value.has("secure") ? [String(key)] : [],
  );
}

/** Takes out what only the owner of the stack can read: secrets, and how they are encrypted. */
export function withoutSecrets(path: string): void {
  const document = parseDocument(readFileSync(path, "utf8"));
  for (const name of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(name);
  for (const key of secretKeys(path)) document.deleteIn(["config", key]);
  writeFileSync(path, document.toString());
}

/** Gives a file the secrets of another, and how they are encrypted. */
export function copySecrets(from: string, to: string, keys: string[]): void {
  const source = parseDocument(readFileSync(from, "utf8"));
  const target = parseDocument(readFileSync(to, "utf8"));
  const salt: unknown = source.get("encryptionsalt");
  if (salt !== undefined) target.set("encryptionsalt", salt);
  for (const key of keys) target.setIn(["config", key], source.getIn(["config", key]));
  writeFileSync(to, target.toString());
}
