import { parseDocument, visit } from "yaml";

/** What stands in for every secret of a stack: nobody who reviews needs to know them, and most may not. */
export const PLACEHOLDER = "not-known-in-reviews";

/** A secret as a stack's file holds it, and the salt of its key. */
export interface Sealed {
  salt: unknown;
  secret: unknown;
}

/** The secret `key` of a stack's file. */
export function sealedIn(text: string, key: string): Sealed {
  const document = parseDocument(text);
  return {
    salt: document.get("encryptionsalt"),
    secret: document.getIn(["config", key, "secure"]),
  };
}

/**
 * A stack's file for a review: what only the owner of the stack can read, secrets wherever in a value they are and how they
 * are encrypted, makes way for what was made for the review; the rest is as it was.
 */
export function withSecrets(text: string, { salt, secret }: Sealed): string {
  const document = parseDocument(text);
  for (const name of ["encryptedkey", "secretsprovider"]) document.delete(name);
  visit(document, {
    Map(_, map) {
      if (map.items.length === 1 && map.has("secure")) map.set("secure", secret);
    },
  });
  document.set("encryptionsalt", salt);
  return document.toString();
}
