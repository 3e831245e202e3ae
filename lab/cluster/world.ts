import type { Corosync } from "../state/types";

/** How a node's way to the witness is: it answers, its system says that nobody listens, or nothing comes back. */
export type WitnessAnswer = "answers" | "refuses" | "silent";

/** What is true now, whoever has noticed. */
export interface World {
  corosync: Corosync;
  /** The host has power and its corosync runs. */
  runs(node: string): boolean;
  /** The host has power, but its corosync was stopped and could say so. */
  left(node: string): boolean;
  /** Both run corosync and hear each other; the same both ways. */
  hears(a: string, b: string): boolean;
  /** corosync-qdevice runs on a node whose corosync runs. */
  hasDevice(node: string): boolean;
  qnetdRuns: boolean;
  witness(host: string): WitnessAnswer;
}
