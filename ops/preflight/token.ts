import { readFileSync } from "node:fs";
import { request } from "node:https";
import { OpsError } from "../errors";
import type { ResourceState } from "../pulumi";
import { findSite, type SiteAccess } from "../site";
import type { Stack } from "../stack";
import { plainText } from "./past";

const TIMEOUT_MS = 15_000;

/**
 * Throws when the cluster refuses the token that the stack works with. A stack that has none yet is well. Returns what
 * the cluster was asked through.
 */
export async function checkToken(
  stack: Stack,
  resources: ResourceState[],
  timeoutMs = TIMEOUT_MS,
): Promise<SiteAccess | undefined> {
  const provider = resources.find(({ type }) => type === "pulumi:providers:proxmoxve");
  const token = plainText(provider?.inputs?.apiToken);
  if (!token) return undefined;
  const site = await findSite(stack);
  await show(stack, site, token, timeoutMs);
  return site;
}

/** What the API answers to that token: 200, or 401 with the reason. */
export function tokenStatus(
  { endpoint, bundle }: SiteAccess,
  token: string,
  timeoutMs = TIMEOUT_MS,
): Promise<{ status: number; reason: string }> {
  return get(`${endpoint}/api2/json/version`, token, bundle, timeoutMs);
}

async function show(
  stack: Stack,
  site: SiteAccess,
  token: string,
  timeoutMs: number,
): Promise<void> {
  const { status, reason } = await tokenStatus(site, token, timeoutMs);
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
