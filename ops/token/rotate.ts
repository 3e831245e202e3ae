import { stackName } from "../../toolchain/launcher/arguments";
import { OpsError } from "../errors";
import { plainText } from "../preflight/past";
import { tokenStatus } from "../preflight/token";
import { exportState, pulumi, pulumiHere, pulumiJson, type ResourceState } from "../pulumi";
import { resume } from "../resume";
import { findSite } from "../site";
import type { Stack } from "../stack";

const GENERATION = "proxmox-ha:tokenGeneration";
const ISSUED = "proxmox-ha:tokenIssued";
const PROVIDER = "pulumi:providers:proxmoxve";

interface Built {
  /** URNs of what a rotation touches. */
  targets: string[];
  /** `user@realm!id=secret`, as the state has it. */
  token: string | undefined;
  generation: number;
}

/**
 * Makes a new secret. Only the token, its component and the provider that uses it are touched: with the old secret gone,
 * nothing else could even be read. What stood in the configuration before comes back where no new token was made; a
 * rotation that was killed is gone on with.
 */
export async function rotateToken(stack: Stack): Promise<void> {
  await resume(stack);
  const before = await findBuilt(stack);
  const noted = await readNoted(stack);
  const unfinished = Number(noted[GENERATION] ?? 1) > before.generation;
  const generation = unfinished ? Number(noted[GENERATION]) : before.generation + 1;
  say(
    unfinished
      ? `going on with generation ${generation}, which was cut short`
      : `generation ${generation}; the old secret stops working as soon as there is a new one`,
  );
  try {
    await note(stack, GENERATION, String(generation));
    await note(stack, ISSUED, new Date().toISOString().slice(0, 10));
    const targets = before.targets.flatMap((urn) => ["--target", urn]);
    const code = await pulumiHere(
      stack,
      ["up", "--yes", "--skip-preview", "--refresh=false", ...targets],
      { PROXMOX_HA_ROTATE_TOKEN: "1" },
    );
    if (code !== 0) throw new OpsError("The token could not be renewed; see above. Try again.");
  } catch (error) {
    await note(stack, GENERATION, noted[GENERATION]);
    await note(stack, ISSUED, noted[ISSUED]);
    throw error;
  }
  await prove(stack, before.token, (await findBuilt(stack)).token);
  say("the new token works, and the old one is refused");
  process.stdout.write(
    `The token is new (generation ${generation}, noted in Pulumi.${stackName(stack.name)}.yaml). The next pulumi up works with it.\n`,
  );
}

async function findBuilt(stack: Stack): Promise<Built> {
  const state = await exportState(stack, ["--show-secrets"]);
  const resources = state?.deployment.resources ?? [];
  const token = resources.find((one) => isCalled(one, "command:remote:Command", "token"));
  const provider = resources.find((one) => isCalled(one, PROVIDER, "pve"));
  if (!token || !provider) {
    throw new OpsError(
      `Stack ${stack.name} has no token yet. It makes one by itself: pulumi up --stack ${stack.name}`,
    );
  }
  const component = resources.filter(({ type }) => type === "proxmox-ha:access:Access");
  return {
    targets: [...component, token, provider].map(({ urn }) => urn),
    token: plainText(provider.inputs?.apiToken),
    // The last word of its command line.
    generation: Number(/'?(\d+)'?$/.exec(plainText(token.inputs?.create) ?? "")?.[1] ?? 1),
  };
}

function isCalled({ type, urn }: ResourceState, wanted: string, name: string): boolean {
  return type === wanted && urn.endsWith(`::${name}`);
}

async function prove(
  stack: Stack,
  old: string | undefined,
  made: string | undefined,
): Promise<void> {
  if (made === undefined || made === old) {
    throw new OpsError(
      "The update went well, but the stack still has its old token. Try again; if it stays so, look at: pulumi stack export",
    );
  }
  const site = await findSite(stack);
  const now = await tokenStatus(site, made);
  if (now.status !== 200) {
    throw new OpsError(
      `The new token is in the stack, but Proxmox VE answers ${now.status} ${now.reason} to it. ` +
        "Look at pveum user token list on a node, then rotate it again.",
    );
  }
  if (old === undefined) return;
  const then = await tokenStatus(site, old);
  if (then.status !== 401) {
    throw new OpsError(
      `The new token works, but the old one does as well: Proxmox VE answers ${then.status} to it. ` +
        `Remove it on a node, where its user has another of that name: pveum user token list ${old.split("!")[0]}`,
    );
  }
}

/** What the stack's file says, in text or in numbers. */
async function readNoted(stack: Stack): Promise<Record<string, string | undefined>> {
  const values = (await pulumiJson(stack, ["config", "--json"])) as Record<
    string,
    { value?: string }
  >;
  return Object.fromEntries([GENERATION, ISSUED].map((key) => [key, values[key]?.value]));
}

/** Undefined takes it out. */
async function note(stack: Stack, key: string, value: string | undefined): Promise<void> {
  await pulumi(stack, ["config", ...(value === undefined ? ["rm", key] : ["set", key, value])]);
}

function say(text: string): void {
  process.stdout.write(`rotate: ${text}\n`);
}
