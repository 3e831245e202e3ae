import { createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import { type ParsedKey, utils } from "ssh2";

/**
 * Reads a private key for login: OpenSSH and PEM, with a passphrase or without; PKCS#8 without.
 * Throws with the reason, never with a part of the key.
 */
export function parseClientKey(key: string, passphrase: string | undefined): ParsedKey {
  const parsed = utils.parseKey(fromPkcs8(key), passphrase);
  const first = Array.isArray(parsed) ? parsed[0] : parsed;
  if (first === undefined || first instanceof Error) {
    throw new Error(`connection.privateKey cannot be read: ${first?.message ?? "it is empty"}.`);
  }
  if (!first.isPrivateKey()) throw new Error("connection.privateKey is a public key.");
  return first;
}

// ssh2 reads all formats but this one.
function fromPkcs8(text: string): string {
  if (!text.includes("-----BEGIN PRIVATE KEY-----")) return text;
  const key = createPrivateKey(text);
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    case "ed25519":
      return openssh(key);
    default:
      return text;
  }
}

// Ed25519 has no PEM form of its own: this is OpenSSH's, unencrypted.
function openssh(key: KeyObject): string {
  const jwk = key.export({ format: "jwk" });
  const pub = Buffer.from(jwk.x ?? "", "base64url");
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  const type = field("ssh-ed25519");
  const check = randomBytes(4);
  const secret = Buffer.concat([
    ...[check, check, type, field(pub), field(Buffer.concat([seed, pub])), field("")],
  ]);
  const padding = Buffer.from(Array.from({ length: 8 - (secret.length % 8) }, (_, i) => i + 1));
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[field("none"), field("none"), field(""), Buffer.from([0, 0, 0, 1])],
    field(Buffer.concat([type, field(pub)])),
    field(Buffer.concat([secret, padding])),
  ]).toString("base64");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`;
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
