import { readFileSync } from "node:fs";
import type { Connection } from "../toolchain/launcher/connections";
import { LauncherError } from "../toolchain/launcher/errors";
import type { GuestReport } from "../toolchain/launcher/probe";
import { settingsFor } from "../toolchain/launcher/settings";
import { OpsError } from "./errors";

export interface SiteAccess {
  /** API of the node that this run works through. */
  endpoint: string;
  /** Path of the certificates to trust. */
  bundle: string;
  /** How to reach that node over SSH. */
  connection: Connection;
  guests: GuestReport[];
}

/** Asks the launcher which node answers and is quorate, as every run of pulumi does. */
export async function findSite(stack: string): Promise<SiteAccess> {
  const { variables } = await settingsFor(["preview", "--stack", stack]).catch((error: Error) => {
    throw error instanceof LauncherError ? new OpsError(error.message) : error;
  });
  const endpoint = variables.PROXMOX_VE_ENDPOINT ?? "";
  const connections = JSON.parse(variables.PROXMOX_HA_CONNECTIONS ?? "{}") as Record<
    string,
    Connection
  >;
  const connection = Object.values(connections).find(({ web }) => web === endpoint);
  if (!connection) throw new OpsError(`No connection to ${endpoint} is known.`);
  return {
    endpoint,
    bundle: variables.SSL_CERT_FILE ?? "",
    connection,
    guests: JSON.parse(readFileSync(variables.PROXMOX_HA_INVENTORY ?? "", "utf8")) as GuestReport[],
  };
}
