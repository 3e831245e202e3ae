import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { die } from "../api/errors";
import type { RecoveryKeys, TotpFactor, UserFactors } from "../state/settings";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A factor as the API tells it: never its secret. */
export function listed({ totp, recovery }: UserFactors): Record<string, unknown>[] {
  return [
    ...(recovery ? [{ type: "recovery", id: "recovery", created: recovery.created }] : []),
    ...totp.map(({ id, description, created, enable }) => ({
      ...{ type: "totp", id, created },
      ...(description === "" ? {} : { description }),
      // Told only of one that does not count.
      ...(enable ? {} : { enable: 0 }),
    })),
  ];
}

/** Ten keys that each work once. Only their hashes are kept. */
export function newRecoveryKeys(created: number): { kept: RecoveryKeys; told: string[] } {
  const secret = randomBytes(8).toString("hex");
  const told = Array.from({ length: 10 }, () =>
    (randomBytes(8).toString("hex").match(/.{4}/g) ?? []).join("-"),
  );
  const hashes = told.map((key) => createHmac("sha256", secret).update(key).digest("hex"));
  return { kept: { created, secret, hashes }, told };
}

/** The factor behind `uri`, once `code` shows that its user has it too. */
export function newTotp(
  uri: string,
  code: string,
  description: string,
  created: number,
): TotpFactor {
  const fits = [-1, 0, 1].some((step) => totpCode(uri, created, step) === code);
  if (!fits) throw die("failed to verify TOTP challenge");
  return { id: randomUUID(), description, created, enable: true, uri };
}

/** RFC 6238, `steps` periods after `now`. */
function totpCode(uri: string, now: number, steps: number): string {
  const { protocol, host, searchParams } = URL.canParse(uri) ? new URL(uri) : new URL("none:");
  const option = (name: string, usual: string): string => searchParams.get(name) ?? usual;
  const secret = option("secret", "");
  if (protocol !== "otpauth:" || host !== "totp" || secret === "") throw die("not a totp uri");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / Number(option("period", "30"))) + steps));
  const mac = createHmac(option("algorithm", "SHA1"), fromBase32(secret)).update(counter).digest();
  const start = (mac.at(-1) ?? 0) & 0xf;
  const digits = Number(option("digits", "6"));
  const number = (mac.readUInt32BE(start) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}

function fromBase32(text: string): Buffer {
  const bits = [...text.toUpperCase().replace(/=+$/, "")]
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
