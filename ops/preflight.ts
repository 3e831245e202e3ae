import { readFileSync } from "node:fs";
import { request } from "node:https";
import { readStackFile } from "../toolchain/launcher/stackFile";
import { OpsError } from "./errors";
import { exportState, type ResourceState } from "./pulumi";
import { findSite, type SiteAccess } from "./site";
import type { Stack } from "./stack";

const TIMEOUT_MS = 15_000;

/** Read-only checks before a run. A stack that has built nothing yet has nothing to check. */
export async function preflight(stack: Stack, timeoutMs = TIMEOUT_MS): Promise<void> {
  const state = await exportState(stack, ["--show-secrets"]);
  const resources = state?.deployment.resources ?? [];
  const provider = resources.find(({ type }) => type === "pulumi:providers:proxmoxve");
  const token = plainText(provider?.inputs?.apiToken);
  const { lab } = readStackFile(stack.root, stack.name);
  const onLab = lab && resources.some(foundsCluster);
  if (!onLab && !token) return;
  const site = await findSite(stack);
  if (onLab && site.cluster === undefined) throw labWasReset(stack);
  if (token) await checkToken(stack, site, token, timeoutMs);
}

/** The step after which there is a cluster. Nothing of ours ends one. */
function foundsCluster({ type, urn }: ResourceState): boolean {
  return type === "command:remote:Command" && urn.endsWith("::found");
}

function labWasReset({ name }: Stack): OpsError {
  return new OpsError(
    `The lab was reset since the state of stack ${name} was written: its nodes are in no cluster, and what the state ` +
      "describes is gone with the hosts of then.\nForget that state and build anew: rm -r .state, then make up",
  );
}

/** With `--show-secrets` a secret is an object around its JSON text. */
function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const plain = (value as { plaintext?: string } | undefined)?.plaintext;
  return plain === undefined ? undefined : String(JSON.parse(plain));
}

async function checkToken(
  stack: Stack,
  { endpoint, bundle }: SiteAccess,
  token: string,
  timeoutMs: number,
): Promise<void> {
  const { status, reason } = await get(`${endpoint}/api2/json/version`, token, bundle, timeoutMs);
  if (status !== 401) return;
  const name = token.split("=")[0];
  throw new OpsError(
    `Proxmox VE refuses the stack's API token ${name}: ${reason}. ` +
      "It was deleted or changed on the cluster, so nothing can be read or changed with it.\n" +
      `Make a new one: npm run -s ops -- token rotate --stack ${stack.name}`,
  );
}

function get(
  url: string,
  token: string,
  bundle: string,
  timeoutMs: number,
): Promise<{ status: number; reason: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        ca: readFileSync(bundle),
        headers: { authorization: `PVEAPIToken=${token}` },
        timeout: timeoutMs,
      },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? "" });
      },
    );
    call.on("timeout", () => call.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    call.on("error", (error) =>
      reject(
        new OpsError(
          `The node answers over SSH, but its API does not: ${url}: ${error.message}. ` +
            "Look there at: systemctl status pveproxy",
        ),
      ),
    );
    call.end();
  });
}
