import { readFileSync } from "node:fs";
import type { Connection } from "../toolchain/launcher/connections";
import type { GuestReport, HaReport } from "../toolchain/launcher/probe";
import { type LeftOut, settingsFor } from "../toolchain/launcher/settings";
import { OpsError } from "./errors";
import type { Stack } from "./stack";

export interface SiteAccess {
  /** API of the node that this run works through. */
  endpoint: string;
  /** Path of the certificates to trust. */
  bundle: string;
  /** How to reach that node over SSH. */
  connection: Connection;
  guests: GuestReport[];
  /** Absent while nothing is under HA. */
  ha?: HaReport;
  /** Guests that a run leaves out, as their nodes do not answer. */
  leftOut: LeftOut[];
  /** The cluster that the node is in, if any. */
  cluster: string | undefined;
}

/** Asks the launcher which node answers and is quorate, as every run of pulumi does. */
export async function findSite({ name, root }: Stack): Promise<SiteAccess> {
  const args = ["preview", "--stack", name];
  const { variables, leftOut, cluster } = await settingsFor(args, process.env, root);
  const endpoint = variables.PROXMOX_VE_ENDPOINT ?? "";
  const connections = JSON.parse(variables.PROXMOX_HA_CONNECTIONS ?? "{}") as Record<
    string,
    Connection
  >;
  const connection = Object.values(connections).find(({ web }) => web === endpoint);
  if (!connection) throw new OpsError(`No connection to ${endpoint} is known.`);
  const inventory = readFileSync(variables.PROXMOX_HA_INVENTORY ?? "", "utf8");
  return {
    endpoint,
    bundle: variables.SSL_CERT_FILE ?? "",
    connection,
    ...(JSON.parse(inventory) as Pick<SiteAccess, "guests" | "ha">),
    leftOut,
    cluster,
  };
}
