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

/** A new Ed25519 key in OpenSSH's format; the public half follows from it. */
export async function newSshKey(comment: string): Promise<string> {
  const keys = await generate(comment);
  if (!keys) throw new Error("no key was generated");
  return keys.private;
}

/** `ssh-ed25519 AAAA…`, as in authorized_keys and known_hosts. */
export function publicKeyOf(privateKey: string): string {
  const parsed = utils.parseKey(privateKey) as ParsedKey | Error;
  if (parsed instanceof Error) throw parsed;
  return `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}
