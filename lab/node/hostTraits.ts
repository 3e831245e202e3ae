import type { HostState } from "../state/types";

/** What a machine is like, as far as its commands tell; a lab whose host is otherwise says so in its state. */
export interface HostTraits {
  /** Hardware virtualization is switched on in the firmware. */
  virtualization: boolean;
  /** Milliseconds by which the machine's clock is ahead of the site's. */
  clockOffsetMs: number;
  duplex: "full" | "half";
  /** Milliseconds that a packet to or from the machine takes longer than it should. */
  lagMs: number;
  /** Bytes, of a host that is no node. */
  memory: number;
  /** Answers showmount; a server that speaks NFS 4 only does not. */
  mountd: boolean;
  /** Whether the time server answers. */
  timeServer: boolean;
  /** Milliseconds from power-on to a running system; an old PC with its self-test takes a minute. */
  bootMs: number;
  /** Milliseconds until a system that goes down has stopped its services. */
  stopMs: number;
  /** Milliseconds for a package to be unpacked or set up; none, unless somebody wants to cut a run of apt off. */
  packageMs: number;
  /** The process that holds dpkg's lock. */
  aptLock?: string;
  /** Kernel modules that find a watchdog in the machine. */
  watchdogs: string[];
  /** Proxmox's enterprise repository lets it in. */
  subscription: boolean;
}

export const USUAL_TRAITS: HostTraits = {
  virtualization: true,
  clockOffsetMs: 0,
  duplex: "full",
  lagMs: 0,
  memory: 4 * 1024 ** 3,
  mountd: true,
  timeServer: true,
  bootMs: 60_000,
  stopMs: 1000,
  packageMs: 0,
  watchdogs: ["iTCO_wdt"],
  subscription: false,
};

export const hostTraits = ({ traits }: HostState): HostTraits => ({ ...USUAL_TRAITS, ...traits });

/** Mbit/s at which the card of a host is linked; a gigabit where the lab counts no time for what is sent. */
export const cardSpeed = ({ linkMbit }: HostState): number => linkMbit ?? 1000;

/** An address of the card, made from the host's own. */
export function macOf({ address }: HostState): string {
  const parts = address.split(".").slice(1).map(Number);
  return ["bc", "24", "11", ...parts.map((part) => part.toString(16).padStart(2, "0"))].join(":");
}
