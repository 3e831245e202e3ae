import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { rootCertificates } from "node:tls";

/** Where systems keep the authorities that they trust. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/**
 * Writes a bundle of the system's authorities and the cluster's own. The cluster's alone would cut the CLI off from
 * its backend.
 */
export function writeBundle(path: string, authority: string, environment: NodeJS.ProcessEnv): void {
  const own = environment.SSL_CERT_FILE;
  const source = [...(own ? [own] : []), ...SYSTEM_BUNDLES].find(
    (file) => file !== path && existsSync(file),
  );
  const system = source ? readFileSync(source, "utf8") : rootCertificates.join("\n");
  mkdirSync(dirname(path), { recursive: true });
  // In one step, because a second run may be reading it.
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${system.trimEnd()}\n${authority}\n`);
  renameSync(temporary, path);
}
