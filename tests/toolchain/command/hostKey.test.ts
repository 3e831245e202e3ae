import { fingerprint, mismatch, parseHostKey } from "../../../toolchain/command/hostKey";

// ssh-keygen -lf says: 256 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU github.com (ED25519)
const BASE64 = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const SHA256 = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

test.each([
  ["bare", `ssh-ed25519 ${BASE64}`],
  ["with a comment", `ssh-ed25519 ${BASE64} root@pve01\n`],
  ["after comments and empty lines", `# pve01\n\nssh-ed25519 ${BASE64}`],
  ["with a host before it, as in known_hosts", `192.168.18.251 ssh-ed25519 ${BASE64}`],
])("reads a key %s", (_, text) => {
  const key = parseHostKey(text);
  expect(key).toMatchObject({ type: "ssh-ed25519", algorithms: ["ssh-ed25519"] });
  expect(fingerprint(key.blob)).toBe(SHA256);
});

test("asks for SHA-2 signatures of an RSA key", () => {
  const blob = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from("ssh-rsa"), Buffer.alloc(8)]);
  const { algorithms } = parseHostKey(`ssh-rsa ${blob.toString("base64")}`);
  expect(algorithms).toEqual(["rsa-sha2-512", "rsa-sha2-256"]);
});

test.each([
  ["", "is not a public key"],
  ["ssh-ed25519", "is not a public key"],
  [BASE64, "is not a public key"],
  [`ssh-rsa ${BASE64}`, "is not a public key"],
  ["# ssh-ed25519 only a comment", "is not a public key"],
])("refuses %j and says what to give instead", (text, words) => {
  expect(() => parseHostKey(text)).toThrow(words);
  expect(() => parseHostKey(text)).toThrow("ssh_host_ed25519_key.pub");
});

test("refuses a type that it cannot check", () => {
  const blob = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from("ssh-dss"), Buffer.alloc(8)]);
  expect(() => parseHostKey(`ssh-dss ${blob.toString("base64")}`)).toThrow(
    "is of type ssh-dss, but it must be one of ssh-ed25519, ",
  );
});

test("a mismatch names the host, both fingerprints and the remedy", () => {
  const pinned = parseHostKey(`ssh-ed25519 ${BASE64}`);
  const message = mismatch("root@pve01:22", pinned, Buffer.from("another"));
  expect(message).toContain("root@pve01:22");
  expect(message).toContain(`expected ${SHA256} (ssh-ed25519)`);
  expect(message).toContain(`found ${fingerprint(Buffer.from("another"))}`);
  expect(message).toContain("put that key into connection.hostKey");
  expect(mismatch("root@pve01:22", pinned, undefined)).toContain("has no ssh-ed25519 key");
});
