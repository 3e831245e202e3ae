import { stackName } from "../toolchain/launcher/arguments";
import { OpsError } from "./errors";
import { exportState, pulumi, pulumiHere, pulumiJson } from "./pulumi";
import type { Stack } from "./stack";

const GENERATION = "proxmox-ha:tokenGeneration";

/**
 * Makes a new secret. Only the token and the provider that uses it are touched: with the old secret gone, nothing else
 * could even be read. The old generation stays in the configuration until the new token is there.
 */
export async function rotateToken(stack: Stack): Promise<void> {
  const state = await exportState(stack);
  const resources = state?.deployment.resources ?? [];
  const urnOf = (type: string, name: string): string | undefined =>
    resources.find((resource) => resource.type === type && resource.urn.endsWith(`::${name}`))?.urn;
  const token = urnOf("command:remote:Command", "token");
  const provider = urnOf("pulumi:providers:proxmoxve", "pve");
  if (!token || !provider) {
    throw new OpsError(
      `Stack ${stack.name} has no token yet. It makes one by itself: pulumi up --stack ${stack.name}`,
    );
  }
  const before = await currentGeneration(stack);
  const next = (before ?? 1) + 1;
  await pulumi(stack, ["config", "set", GENERATION, String(next)]);
  try {
    const code = await pulumiHere(
      stack,
      ["up", "--yes", "--skip-preview", "--refresh=false", "--target", token, "--target", provider],
      { PROXMOX_HA_ROTATE_TOKEN: "1" },
    );
    if (code !== 0) throw new OpsError("The token could not be renewed; see above.");
  } catch (error) {
    await goBack(stack, before);
    throw error;
  }
  process.stdout.write(
    `The token is new (generation ${next}, noted in Pulumi.${stackName(stack.name)}.yaml). The next pulumi up works with it.\n`,
  );
}

/** Undefined before the first rotation. */
async function currentGeneration(stack: Stack): Promise<number | undefined> {
  const values = (await pulumiJson(stack, ["config", "--json"])) as Record<
    string,
    { value?: string }
  >;
  const value = values[GENERATION]?.value;
  return value === undefined ? undefined : Number(value);
}

async function goBack(stack: Stack, generation: number | undefined): Promise<void> {
  const change =
    generation === undefined ? ["rm", GENERATION] : ["set", GENERATION, `${generation}`];
  await pulumi(stack, ["config", ...change]);
}
