import { die } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { vmInterfaces } from "./addresses";
import { isRunning, runState, stopGuest } from "./power";
import { nameOf } from "./status";
import { traitsOf } from "./traits";
import { AGENT } from "./vmOptions";

const WINDOWS: Record<string, string> = {
  win10: "Windows Server 2016 Standard",
  win11: "Windows Server 2022 Standard",
};

/** Whether the VM's configuration lets the agent speak. */
export function agentEnabled({ config }: Guest): boolean {
  return parsePropertyString(config.agent ?? "0", AGENT).enabled === "1";
}

/** Whether the VM's agent answers now: configured, installed, and the system is up. */
export function agentAnswers(site: Site, guest: Guest): boolean {
  return agentEnabled(guest) && traitsOf(site, guest).agent && site.network.isAnswering(guest);
}

/** Why a VM's agent cannot be asked (PVE::QemuServer::Agent, assert_agent_available). */
export function requireAgent(site: Site, guest: Guest): void {
  if (guest.config.agent === undefined) throw die("No QEMU guest agent configured");
  if (!isRunning(site, guest)) throw die(`VM ${guest.vmid} is not running`);
  if (!agentAnswers(site, guest)) throw die("QEMU guest agent is not running");
}

/** The agent's commands, by name, each with what the system inside would answer. */
export const AGENT_COMMANDS: Record<string, (site: Site, guest: Guest) => unknown> = {
  "fsfreeze-freeze": (site, guest) => freeze(site, guest, true),
  "fsfreeze-status": (site, guest) => (runState(site, guest)?.frozen ? "frozen" : "thawed"),
  "fsfreeze-thaw": (site, guest) => freeze(site, guest, false),
  fstrim: () => ({ paths: [{ path: "/", trimmed: 0, minimum: 0 }] }),
  "get-host-name": (_site, guest) => ({ "host-name": nameOf(guest) }),
  "get-osinfo": (_site, guest) => osOf(guest),
  "get-time": (site) => site.clock.now() * 1_000_000,
  info: () => ({ version: "10.0.2", supported_commands: supported() }),
  "network-get-interfaces": (_site, guest) => vmInterfaces(guest),
  ping: () => ({}),
  shutdown: (site, guest) => {
    stopGuest(site, guest);
    return {};
  },
};

function supported(): Record<string, unknown>[] {
  return Object.keys(AGENT_COMMANDS).map((name) => ({
    name: `guest-${name}`,
    enabled: true,
    "success-response": name !== "shutdown",
  }));
}

const isWindows = (guest: Guest): boolean => /^w/.test(guest.config.ostype ?? "");

function osOf(guest: Guest): Record<string, string> {
  if (!isWindows(guest)) {
    return {
      id: "debian",
      name: "Debian GNU/Linux",
      "pretty-name": "Debian GNU/Linux 13 (trixie)",
      version: "13 (trixie)",
      "version-id": "13",
      machine: "x86_64",
    };
  }
  const name = WINDOWS[guest.config.ostype ?? ""] ?? "Microsoft Windows";
  return { id: "mswindows", name: "Microsoft Windows", "pretty-name": name, machine: "x86_64" };
}

/** Freezes or thaws the file systems, one a disk; says how many. */
function freeze(site: Site, guest: Guest, frozen: boolean): number {
  const state = runState(site, guest);
  if (state === undefined || Boolean(state.frozen) === frozen) return 0;
  if (frozen) state.frozen = true;
  else delete state.frozen;
  return Object.keys(guest.config).filter((key) => /^(scsi|virtio|sata)\d+$/.test(key)).length;
}
