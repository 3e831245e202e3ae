import { readFileSync, renameSync, writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/**
 * Names the file of certificates that this run trusts, where the launcher found no authority of the cluster to put in.
 * There is one as soon as the founder runs Proxmox VE.
 */
export const BUNDLE_VARIABLE = "PROXMOX_HA_BUNDLE";

/**
 * The token, handed out once whoever uses it can trust the cluster: the provider reads the bundle at its first
 * connection, and has none before it has a token. What the launcher has found is newer than what the state remembers, so
 * the authority counts, and the token waits for it, only where there was none.
 */
export function onceTrusted(
  token: pulumi.Output<string>,
  authority: pulumi.Output<string>,
  environment: NodeJS.ProcessEnv,
): pulumi.Output<string> {
  const bundle = environment[BUNDLE_VARIABLE];
  if (!bundle) return token;
  return pulumi.all([token, authority]).apply(([known, certificate]) => {
    addTo(bundle, certificate);
    return known;
  });
}

/** In one step: the CLI and its plugins may be reading it. */
function addTo(bundle: string, certificate: string): void {
  const before = readFileSync(bundle, "utf8");
  if (before.includes(certificate.trim())) return;
  const temporary = `${bundle}.new`;
  writeFileSync(temporary, `${before.trimEnd()}\n${certificate.trim()}\n`);
  renameSync(temporary, bundle);
}
