import { AGENT_COMMANDS, requireAgent } from "../../guests/agent";
import { requireGuest } from "../../guests/config";
import type { Endpoint, Permissions } from "../endpoint";
import { guestPath } from "./guestCommon";

const anyOf = (...privileges: string[]): Permissions => ({
  check: ["perm", "/vms/{vmid}", [...privileges, "VM.GuestAgent.Unrestricted"], { any: 1 }],
});
const AUDIT = anyOf("VM.GuestAgent.Audit");
const FILES = anyOf("VM.GuestAgent.FileSystemMgmt");

/** Method and permission of each agent command (PVE::API2::Qemu::Agent). */
const COMMANDS: Record<string, ["GET" | "POST", Permissions]> = {
  "fsfreeze-freeze": ["POST", FILES],
  "fsfreeze-status": ["POST", anyOf("VM.GuestAgent.Audit", "VM.GuestAgent.FileSystemMgmt")],
  "fsfreeze-thaw": ["POST", FILES],
  fstrim: ["POST", FILES],
  "get-host-name": ["GET", AUDIT],
  "get-osinfo": ["GET", AUDIT],
  "get-time": ["GET", AUDIT],
  info: ["GET", AUDIT],
  "network-get-interfaces": ["GET", AUDIT],
  ping: ["POST", AUDIT],
  shutdown: ["POST", anyOf("VM.PowerMgmt")],
};

/** What the QEMU guest agent in a VM says. */
export const agentEndpoints: Endpoint[] = Object.entries(COMMANDS).map(
  ([command, [method, permissions]]) => ({
    method,
    path: `/nodes/{node}/qemu/{vmid}/agent/${command}`,
    returns: "object",
    parameters: guestPath,
    permissions,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const guest = requireGuest(site, node, "qemu", Number(params.vmid));
      requireAgent(site, guest);
      return { result: AGENT_COMMANDS[command]?.(site, guest) };
    },
  }),
);
