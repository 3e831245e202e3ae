/** What the next run does with what a join has left: the same in the lab and under real bash. */
export type Decision = "joins" | "cleans the joiner" | "restores the database" | "goes forward";

/** By the change before which the joining process was killed. */
export const KILLED: Record<string, Decision> = {
  "list the node": "joins",
  "write authkey": "joins",
  "write corosync.conf": "cleans the joiner",
  "stop pve-cluster": "cleans the joiner",
  "save the database": "cleans the joiner",
  "end the backup": "cleans the joiner",
  "remove the database": "cleans the joiner",
  "start corosync and pve-cluster": "restores the database",
  "wait for quorum": "goes forward",
  "update certificates": "goes forward",
  "restart services": "goes forward",
};

/** From what a run has told. */
export function decisionOf(told: string): Decision {
  if (told.includes("restoring the database from")) return "restores the database";
  if (told.includes("cleaning this node first")) return "cleans the joiner";
  return /: joining \S+ through /.test(told) ? "joins" : "goes forward";
}
