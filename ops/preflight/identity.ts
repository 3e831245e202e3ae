import type { SshSession } from "../../toolchain/launcher/ssh";

/** What tells a host from another, and how its clock goes. */
export interface Identity {
  /** Milliseconds by which its clock is ahead of ours, between these. */
  clock?: { least: number; most: number };
  machine: string;
  /** Another at every boot: the same on two addresses is one machine. */
  boot: string;
  /** Members of its cluster by name, and whether they are online: none in no cluster, undefined without Proxmox VE. */
  members?: Record<string, boolean>;
}

/** Not part of a check script: what lies between a clock and whoever compares it has to be as little as possible. */
const COMMAND = [
  'echo "clock $(date +%s.%N)"',
  'echo "machine $(cat /etc/machine-id 2>/dev/null </dev/null)"',
  'echo "boot $(cat /proc/sys/kernel/random/boot_id 2>/dev/null </dev/null)"',
  "cat /etc/pve/.members 2>/dev/null </dev/null",
  "true",
].join("; ");

export async function identify(session: SshSession, now: () => number): Promise<Identity> {
  const asked = now();
  const { stdout } = await session.run(COMMAND);
  return readIdentity(stdout, asked, now());
}

/** Exported for its test. */
export function readIdentity(text: string, asked: number, answered: number): Identity {
  const value = (name: string): string =>
    new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]?.trim() ?? "";
  const time = Number(value("clock") || NaN) * 1000;
  const members = membersIn(text.slice(text.indexOf("\n{") + 1));
  return {
    ...(Number.isFinite(time) ? { clock: { least: time - answered, most: time - asked } } : {}),
    machine: value("machine"),
    boot: value("boot"),
    ...(members ? { members } : {}),
  };
}

function membersIn(text: string): Record<string, boolean> | undefined {
  try {
    const { nodelist = {} } = JSON.parse(text) as {
      nodelist?: Record<string, { online?: number }>;
    };
    return Object.fromEntries(
      Object.entries(nodelist).map(([name, { online }]) => [name, online === 1]),
    );
  } catch {
    return undefined;
  }
}
