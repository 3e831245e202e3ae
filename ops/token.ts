import { OpsError } from "./errors";
import { exportState, pulumi, pulumiHere } from "./pulumi";

const GENERATION = "proxmox-ha:tokenGeneration";

/**
 * Makes a new secret. Only the token and the provider that uses it are touched: with the old secret gone, nothing else
 * could even be read. The old generation stays in the configuration until the new token is there.
 */
export async function rotateToken(stack: string): Promise<void> {
  const state = await exportState(stack);
  const resources = state?.deployment.resources ?? [];
  const urnOf = (type: string, name: string): string | undefined =>
    resources.find((resource) => resource.type === type && resource.urn.endsWith(`::${name}`))?.urn;
  const token = urnOf("command:remote:Command", "token");
  const provider = urnOf("pulumi:providers:proxmoxve", "pve");
  if (!token || !provider) {
    throw new OpsError(
      `Stack ${stack} has no token yet. It makes one by itself: pulumi up --stack ${stack}`,
    );
  }
  const before = await currentGeneration(stack);
  await pulumi(stack, ["config", "set", GENERATION, String(before + 1)]);
  const code = await pulumiHere(
    stack,
    ["up", "--yes", "--skip-preview", "--refresh=false", "--target", token, "--target", provider],
    { PROXMOX_HA_ROTATE_TOKEN: "1" },
  );
  if (code !== 0) {
    await pulumi(stack, ["config", "set", GENERATION, String(before)]);
    throw new OpsError("The token could not be renewed; see above.");
  }
  process.stdout.write(
    `The token is new (generation ${before + 1}, noted in Pulumi.${stack}.yaml). The next pulumi up works with it.\n`,
  );
}

async function currentGeneration(stack: string): Promise<number> {
  const values = JSON.parse(await pulumi(stack, ["config", "--json"])) as Record<
    string,
    { value?: string }
  >;
  return Number(values[GENERATION]?.value ?? 1);
}
