import { utils } from "ssh2";
import { isWhole, newSshKey, publicKeyOf } from "../../../lab/state/sshKey";

const blob = (text: string) => Buffer.from(text.split(" ")[1] ?? "", "base64");

/** The text of a public key of so many bytes. */
function publicKey(bytes: number): string {
  const name = Buffer.from("ssh-ed25519");
  const lengths = [name.length, bytes].map((length) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(length);
    return buffer;
  });
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = lengths;
  const whole = Buffer.concat([first, name, second, Buffer.alloc(bytes, 7)]);
  return `ssh-ed25519 ${whole.toString("base64")} root@pve01`;
}

describe("a new SSH key", () => {
  it("is read back, with the public half that belongs to it", async () => {
    const key = await newSshKey("root@pve01");
    expect(key).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
    expect(publicKeyOf(key)).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]{68}$/);
    const parsed = utils.parseKey(key);
    if (parsed instanceof Error) throw parsed;
    const signature = parsed.sign("text");
    expect(parsed.verify("text", signature as Buffer)).toBe(true);
  });

  it("is another one each time", async () => {
    const keys = await Promise.all([newSshKey("a"), newSshKey("a")]);
    expect(publicKeyOf(keys[0])).not.toBe(publicKeyOf(keys[1]));
  });

  it("is made again when it has lost a byte, as ssh2 makes one in 256", async () => {
    expect(isWhole(publicKey(32))).toBe(true);
    expect(isWhole(publicKey(31))).toBe(false);
    const generate = jest.spyOn(utils, "generateKeyPair");
    const broken = { private: "broken", public: publicKey(31) };
    generate.mockImplementationOnce(((_type: string, _options: object, done: Done) =>
      done(null, broken)) as never);
    const key = await newSshKey("root@pve01");
    expect(generate).toHaveBeenCalledTimes(2);
    expect(blob(publicKeyOf(key))).toHaveLength(51);
    generate.mockRestore();
  });
});

type Done = (error: Error | null, keys: { private: string; public: string }) => void;
