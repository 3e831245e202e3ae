import { generateKeyPairSync, verify } from "node:crypto";
import { parseClientKey } from "../../../toolchain/command/clientKey";

const MESSAGE = Buffer.from("sign me");

describe("PKCS#8 keys, which ssh2 does not read", () => {
  test.each([
    ["ed25519", generateKeyPairSync("ed25519"), "ssh-ed25519"],
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 }), "ssh-rsa"],
    ["ECDSA", generateKeyPairSync("ec", { namedCurve: "P-256" }), "ecdsa-sha2-nistp256"],
  ])("sign as themselves: %s", (_, { privateKey, publicKey }, type) => {
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const key = parseClientKey(pem, undefined);
    expect(key.type).toBe(type);
    const der = publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(key.getPublicPEM().trim().split("\n").slice(1, -1).join("")).toBe(
      der.trim().split("\n").slice(1, -1).join(""),
    );
    if (type === "ssh-ed25519") {
      const signature = key.sign(MESSAGE);
      expect(verify(null, MESSAGE, publicKey, signature as unknown as Buffer)).toBe(true);
    }
  });
});

test("refuses what is no key, without quoting it", () => {
  expect(() => parseClientKey("hunter2", undefined)).toThrow(
    "connection.privateKey cannot be read: Unsupported key format.",
  );
});

test("refuses a public key", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = publicKey.export({ format: "jwk" });
  const parts = [
    Buffer.from("ssh-rsa"),
    bytes(jwk.e),
    Buffer.concat([Buffer.alloc(1), bytes(jwk.n)]),
  ];
  const blob = Buffer.concat(parts.flatMap((part) => [length(part), part]));
  expect(() => parseClientKey(`ssh-rsa ${blob.toString("base64")}`, undefined)).toThrow(
    "connection.privateKey is a public key.",
  );
});

function bytes(text: string | undefined): Buffer {
  return Buffer.from(text ?? "", "base64url");
}

function length(part: Buffer): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(part.length);
  return buffer;
}
