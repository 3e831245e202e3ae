import { readFileSync } from "node:fs";
import { request } from "node:https";
import { OpsError } from "./errors";
import { exportState } from "./pulumi";
import { findSite } from "./site";

/** Read-only checks before a run. A stack that has built nothing yet has nothing to check. */
export async function preflight(stack: string): Promise<void> {
  const state = await exportState(stack, "--show-secrets");
  const provider = state?.deployment.resources?.find(
    (resource) => resource.type === "pulumi:providers:proxmoxve",
  );
  const token = plainText(provider?.inputs?.apiToken);
  if (token) await checkToken(stack, token);
}

/** With `--show-secrets` a secret is an object around its JSON text. */
function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const plain = (value as { plaintext?: string } | undefined)?.plaintext;
  return plain === undefined ? undefined : String(JSON.parse(plain));
}

async function checkToken(stack: string, token: string): Promise<void> {
  const { endpoint, bundle } = await findSite(stack);
  const { status, reason } = await get(`${endpoint}/api2/json/version`, token, bundle);
  if (status !== 401) return;
  const name = token.split("=")[0];
  throw new OpsError(
    `Proxmox VE refuses the stack's API token ${name}: ${reason}. ` +
      "It was deleted or changed on the cluster, so nothing can be read or changed with it.\n" +
      `Make a new one: npm run -s ops -- token rotate --stack ${stack}`,
  );
}

function get(
  url: string,
  token: string,
  bundle: string,
): Promise<{ status: number; reason: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        ca: readFileSync(bundle),
        headers: { authorization: `PVEAPIToken=${token}` },
        timeout: 15_000,
      },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? "" });
      },
    );
    call.on("timeout", () => call.destroy(new OpsError(`${url} gives no answer.`)));
    call.on("error", (error) => reject(new OpsError(`${url}: ${error.message}`)));
    call.end();
  });
}
