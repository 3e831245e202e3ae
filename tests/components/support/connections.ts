import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connections } from "../../../components/connections";

/** What stands in the key file: to be found nowhere in plain text. */
export const PRIVATE_KEY =
  "-----BEGIN OPENSSH PRIVATE KEY-----\nc3R1ZmY\n-----END OPENSSH PRIVATE KEY-----\n";

/** Connections to the reference site's hosts, with a key file that exists while the tests of a file run. */
export function useConnections(): Connections {
  const folder = mkdtempSync(join(tmpdir(), "connections-"));
  const keyFile = join(folder, "id_ed25519");
  writeFileSync(keyFile, PRIVATE_KEY);
  afterAll(() => rmSync(folder, { recursive: true }));
  const connection = (last: number) => ({
    host: `192.168.18.${last}`,
    port: 22,
    user: "root",
    keyFile,
    hostKey: `ssh-ed25519 KEY${last}`,
  });
  return {
    pve01: { ...connection(251), web: "https://192.168.18.251:8006" },
    pve02: { ...connection(100), web: "https://192.168.18.100:8006" },
    nas: connection(200),
  };
}
