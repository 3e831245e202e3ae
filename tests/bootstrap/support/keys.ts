import { utils } from "ssh2";
import * as pki from "../../../lab/state/pki";
import type { KeyPair } from "../../../lab/state/types";

type Made = { private: string; public: string };
type Done = (error: Error | null, keys?: Made) => void;

/** Keys and certificates that are being made, outside the lab's time. */
let making = 0;
export const isMaking = (): boolean => making > 0;

/**
 * Keys and certificates take a real processor's time, while the lab's clock stands still: made once, each is handed out
 * again to whoever asks for the same.
 */
export function remembersKeys(): void {
  const generate = utils.generateKeyPair.bind(utils) as (
    type: string,
    options: { comment: string },
    done: Done,
  ) => void;
  const pairs = new Map<string, Made>();
  jest.spyOn(utils, "generateKeyPair").mockImplementation(((
    type: string,
    options: { comment: string },
    done: Done,
  ) => {
    const known = pairs.get(options.comment);
    if (known) return done(null, known);
    making++;
    generate(type, options, (error, keys) => {
      making--;
      if (keys) pairs.set(options.comment, keys);
      done(error, keys);
    });
  }) as unknown as typeof utils.generateKeyPair);
  const { createAuthority, issueCertificate } = pki;
  const certificates = new Map<string, Promise<KeyPair>>();
  const once = (key: string, make: () => Promise<KeyPair>): Promise<KeyPair> => {
    const known = certificates.get(key);
    if (known) return known;
    making++;
    const made = make().finally(() => making--);
    certificates.set(key, made);
    return made;
  };
  jest
    .spyOn(pki, "issueCertificate")
    .mockImplementation((ca, host, now) =>
      once(`${host.name} ${ca.certificate}`, () => issueCertificate(ca, host, now)),
    );
  let authorities = 0;
  jest
    .spyOn(pki, "createAuthority")
    .mockImplementation((now) =>
      once(`authority ${authorities++ % 16}`, () => createAuthority(now)),
    );
}
