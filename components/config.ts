import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./plan";
import { secretNames } from "./secretNames";
import { InvalidSite, parseSite, type Site } from "./site";
import { date } from "./values";

/** Set by `ops token rotate` for one run. */
export const ROTATE_VARIABLE = "PROXMOX_HA_ROTATE_TOKEN";

/** Why the policies stop nothing in this run. The pack reads it too. */
export const EMERGENCY_VARIABLE = "PROXMOX_HA_EMERGENCY";

export interface StackConfig {
  site: Site;
  settings: Settings;
  emergency: string | undefined;
  /** A secret of the stack's configuration, by its key. */
  secret(key: string): pulumi.Output<string>;
}

/** The only reader of the stack's configuration. Anything wrong with it stops here, before any resource exists. */
export function readConfig(): StackConfig {
  const config = new pulumi.Config();
  const file = `Pulumi.${pulumi.getStack()}.yaml`;
  const text = config.get("site");
  if (text === undefined) {
    throw new pulumi.RunError(
      `${file} describes no site: proxmox-ha:site is missing. See docs/configuration.md.`,
    );
  }
  if (isConfigSecret("proxmox-ha:site")) {
    throw new pulumi.RunError(
      `${file}: there is a secret inside proxmox-ha:site, where it would be handed out in plain text. ` +
        "Keep it under a key of its own (pulumi config set --secret webRootPassword) and name that key in the site " +
        "(passwordFrom: webRootPassword).",
    );
  }
  const site = readSite(text, file);
  const secrets = readSecrets(config, site, file);
  return {
    site,
    emergency: readEmergency(),
    settings: {
      stack: pulumi.getStack(),
      protect: config.getBoolean("protect") ?? false,
      today: new Date().toISOString().slice(0, 10),
      token: {
        generation: config.getNumber("tokenGeneration") ?? 1,
        rotating: process.env[ROTATE_VARIABLE] === "1",
        ...readIssued(config, file),
      },
    },
    secret: (key) => {
      const secret = secrets.get(key);
      if (!secret) throw new Error(`the site names no secret ${key}`);
      return secret;
    },
  };
}

/** The day is noted by `ops token rotate`, or by hand for a token that was never made anew. */
function readIssued(config: pulumi.Config, file: string): { issued?: string } {
  const issued = config.get("tokenIssued");
  if (issued === undefined) return {};
  if (!date.safeParse(issued).success) {
    throw new pulumi.RunError(
      `${file}: proxmox-ha:tokenIssued is no date: ${issued}. Write the day as in "2026-12-31", or take it out.`,
    );
  }
  return { issued };
}

function readEmergency(): string | undefined {
  const reason = process.env[EMERGENCY_VARIABLE]?.trim();
  if (reason === "") {
    throw new pulumi.RunError(
      `${EMERGENCY_VARIABLE} is empty. Write the reason into it, which the stack then shows, or unset it.`,
    );
  }
  return reason;
}

function readSite(text: string, file: string): Site {
  try {
    return parseSite(JSON.parse(text));
  } catch (error) {
    if (error instanceof InvalidSite) {
      throw new pulumi.RunError(error.message.replace("The site file", file));
    }
    if (error instanceof SyntaxError) {
      throw new pulumi.RunError(`${file}: proxmox-ha:site is not a mapping.`);
    }
    throw error;
  }
}

/** Pulumi decrypts secrets before a program runs; this is where it says which keys held one. */
function isConfigSecret(key: string): boolean {
  const keys: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return Array.isArray(keys) && keys.includes(key);
}

/** The secrets that the site names. One that is missing stops the run like any other fault of the file. */
function readSecrets(
  config: pulumi.Config,
  site: Site,
  file: string,
): Map<string, pulumi.Output<string>> {
  const secrets = new Map<string, pulumi.Output<string>>();
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { path, name } of secretNames(site)) {
    if (seen.has(name)) continue;
    seen.add(name);
    const secret = config.getSecret(name);
    const remedy = `pulumi config set --secret ${name}`;
    if (secret === undefined) {
      problems.push(
        `the secret ${name}, named by ${path.join(".")}, is missing. Set it: ${remedy}`,
      );
    } else if (!isConfigSecret(`proxmox-ha:${name}`)) {
      problems.push(`${name} stands there in plain text. Set it anew: ${remedy}`);
    } else {
      secrets.set(name, secret);
    }
  }
  if (problems.length > 0) {
    throw new pulumi.RunError(problems.map((problem) => `${file}: ${problem}`).join("\n"));
  }
  return secrets;
}
