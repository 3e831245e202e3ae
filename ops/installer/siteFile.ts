import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { InvalidSite, parseSite, type Site } from "../../components/site";
import { stackFileName } from "../../toolchain/launcher/stackFile";
import { OpsError } from "../errors";
import { pulumi } from "../pulumi";
import type { Stack } from "../stack";

/** A stack's file, checked as an update would check it. */
export interface SiteFile {
  /** As messages call it. */
  file: string;
  site: Site;
  /** Configuration keys without their prefix, and what stands there. */
  config: Map<string, unknown>;
}

const PREFIX = "proxmox-ha:";

/** Throws OpsError with every problem of the file. */
export function readSiteFile(stack: Stack): SiteFile {
  const file = stackFileName(stack.name);
  const content = parse(readFileSync(join(stack.root, file), "utf8")) as {
    config?: Record<string, unknown>;
  } | null;
  const config = content?.config ?? {};
  try {
    return {
      file,
      site: parseSite(config[`${PREFIX}site`]),
      config: new Map(
        Object.entries(config).map(([key, value]) => [key.replace(PREFIX, ""), value]),
      ),
    };
  } catch (error) {
    if (error instanceof InvalidSite) {
      throw new OpsError(error.message.replace("The site file", file));
    }
    throw error;
  }
}

/**
 * The hash of root's password: a secret of the stack's configuration.
 *
 * @throws OpsError when it is missing, stands there in plain text, or is no hash; it is never repeated
 */
export async function rootPasswordHash(
  stack: Stack,
  { file, config }: SiteFile,
  key: string,
): Promise<string> {
  const remedy =
    `Set it: openssl passwd -6 | pulumi config set --secret ${key} --stack ${stack.name} ` +
    "(openssl asks for the password twice).";
  if (!config.has(key)) {
    throw new OpsError(
      `${file}: the secret ${key}, named by cluster.installation.passwordFrom, is missing. ${remedy}`,
    );
  }
  if (!(config.get(key) as { secure?: unknown } | null)?.secure) {
    throw new OpsError(`${file}: ${key} stands there in plain text. ${remedy}`);
  }
  const hash = (await pulumi(stack, ["config", "get", key])).trim();
  // crypt(5): $6$ is SHA-512, $y$ yescrypt; $5$ and $2b$ are older but sound.
  if (!/^\$(6|y|5|2b)\$[\w./=,$-]{20,}$/.test(hash)) {
    throw new OpsError(`${file}: ${key} is not the hash of a password. ${remedy}`);
  }
  return hash;
}
