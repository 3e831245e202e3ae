import { createHash } from "node:crypto";
import type { ServerHostKeyAlgorithm } from "ssh2";

/** A pinned host key. */
export interface HostKey {
  /** The key's type, as in `ssh-ed25519`. */
  type: string;
  /** The signature algorithms to ask the server for, so that it shows the pinned key and not another one. */
  algorithms: ServerHostKeyAlgorithm[];
  /** The key as it goes over the wire. */
  blob: Buffer;
}

const ALGORITHMS: Readonly<Record<string, ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  // The key's type names SHA-1 for history only.
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** Reads a key in the format of authorized_keys (known_hosts lines do as well). Throws if there is none, or its type is unknown. */
export function parseHostKey(text: string): HostKey {
  for (const line of text.split("\n")) {
    if (line.trimStart().startsWith("#")) continue;
    const words = line.trim().split(/\s+/);
    for (const [i, type] of words.entries()) {
      const blob = Buffer.from(words[i + 1] ?? "", "base64");
      if (type === "" || !blob.subarray(4).toString("latin1").startsWith(type)) continue;
      if (blob.readUInt32BE() !== type.length) continue;
      const algorithms = ALGORITHMS[type];
      if (algorithms) return { type, algorithms, blob };
      const types = Object.keys(ALGORITHMS).join(", ");
      throw new Error(`connection.hostKey is of type ${type}, but it must be one of ${types}.`);
    }
  }
  throw new Error(
    "connection.hostKey is not a public key. " +
      'Give it the host\'s line as in "ssh-ed25519 AAAA…", from /etc/ssh/ssh_host_ed25519_key.pub there.',
  );
}

/** The fingerprint that ssh-keygen -l shows. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The message for a host that shows another key than the pinned one, or (without `found`) has none of its type. */
export function mismatch(where: string, pinned: HostKey, found: Buffer | undefined): string {
  const shown = found ? `found ${fingerprint(found)}` : `the host has no ${pinned.type} key`;
  return (
    `The SSH host key of ${where} is not the pinned one: ` +
    `expected ${fingerprint(pinned.blob)} (${pinned.type}), ${shown}. ` +
    "Either the host was installed anew or something else answers at this address. " +
    'Run "ssh-keygen -lf" on the public keys in /etc/ssh at the host\'s console; ' +
    "only if the found one is there, put that key into connection.hostKey."
  );
}
