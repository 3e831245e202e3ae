import { existsSync, readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { writeWhole } from "./files";

/** Where systems keep the authorities that they trust. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/**
 * Writes a bundle of the system's authorities and, where there is one yet, the cluster's own. The cluster's alone would
 * cut the CLI off from its backend.
 */
export function writeBundle(
  path: string,
  authority: string | undefined,
  environment: NodeJS.ProcessEnv,
  systemBundles = SYSTEM_BUNDLES,
): void {
  const own = environment.SSL_CERT_FILE;
  const source = [...(own ? [own] : []), ...systemBundles].find(
    (file) => file !== path && existsSync(file),
  );
  const system = source ? readFileSync(source, "utf8") : rootCertificates.join("\n");
  writeWhole(path, `${[system.trimEnd(), ...(authority ? [authority] : [])].join("\n")}\n`);
}
