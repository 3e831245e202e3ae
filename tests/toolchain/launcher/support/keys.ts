import { utils } from "ssh2";

/** An Ed25519 pair that ssh2 can read again: it writes about one in three hundred too short for itself. */
export function keyPair(): ReturnType<typeof utils.generateKeyPairSync> {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519");
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
