import { promisify } from "node:util";
import { type ParsedKey, utils } from "ssh2";

interface KeyTexts {
  private: string;
  public: string;
}

const generate = promisify(
  (comment: string, done: (error: Error | null, keys?: KeyTexts) => void) =>
    utils.generateKeyPair("ed25519", { comment }, done as never),
);

/**
 * A new Ed25519 key in OpenSSH's format; the public half follows from it. ssh2 drops leading zero bytes of a public
 * key, which one key in 256 has and nothing can read then, so such a key is made again.
 */
export async function newSshKey(comment: string): Promise<string> {
  for (;;) {
    const keys = await generate(comment);
    if (!keys) throw new Error("no key was generated");
    if (isWhole(keys.public)) return keys.private;
  }
}

/** Whether the text of a public key holds all its bytes: its name, and 32 more, each with a length in front. */
export function isWhole(publicKey: string): boolean {
  const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  return blob.length === 4 + "ssh-ed25519".length + 4 + 32;
}

/** `ssh-ed25519 AAAA…`, as in authorized_keys and known_hosts. */
export function publicKeyOf(privateKey: string): string {
  const parsed = utils.parseKey(privateKey) as ParsedKey | Error;
  if (parsed instanceof Error) throw parsed;
  return `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}
