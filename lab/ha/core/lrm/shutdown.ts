import type { LogLevel, LrmMode, ShutdownPolicy } from "../types";

/** What an LRM that is asked to end finds. */
export interface Ending {
  /** Absent when only the service restarts, as on an update of its package. */
  down?: "reboot" | "shutdown" | undefined;
  policy: ShutdownPolicy;
  /** The node is in maintenance mode already. */
  inMaintenance: boolean;
}

export interface EndingPlan {
  /** The LRM's mode from now on; absent to keep the present one. */
  mode?: LrmMode;
  /** Whether guests are stopped here. With the policy `migrate` the manager moves them away first. */
  stopsGuests: boolean;
  messages: [level: LogLevel, text: string][];
}

/** What each policy makes of a node that goes down. */
const PLANS: Record<
  ShutdownPolicy,
  (down: "reboot" | "shutdown") => { mode: LrmMode; text: string }
> = {
  conditional: (down) => (down === "reboot" ? freeze(down) : failover()),
  freeze,
  failover,
  migrate: (down) => ({
    mode: "maintenance",
    text: `${down} LRM, doing maintenance, removing this node from active list`,
  }),
};

/** How an LRM ends (`shutdown_policy` in datacenter.cfg). */
export function planEnding({ down, policy, inMaintenance }: Ending): EndingPlan {
  if (!down) {
    return inMaintenance
      ? {
          stopsGuests: false,
          messages: [
            [
              "info",
              "Restarting LRM in maintenance mode may be delayed until all services are moved",
            ],
          ],
        }
      : {
          mode: "restart",
          stopsGuests: false,
          messages: [["info", "restart LRM, freeze all services"]],
        };
  }
  const got: [LogLevel, string] = ["info", `got shutdown request with shutdown policy '${policy}'`];
  const stopsGuests = policy !== "migrate";
  if (inMaintenance) {
    const text =
      policy === "migrate"
        ? `${down} LRM, ignore maintenance policy, already in maintenance mode`
        : `${down} LRM, ignore ${policy} policy as manual maintenance mode is enabled`;
    return { stopsGuests, messages: [got, ["info", text]] };
  }
  const { mode, text } = PLANS[policy](down);
  return { mode, stopsGuests, messages: [got, ["info", text]] };
}

function freeze(down: "reboot" | "shutdown"): { mode: LrmMode; text: string } {
  return { mode: "restart", text: `${down} LRM, stop and freeze all services` };
}

function failover(): { mode: LrmMode; text: string } {
  return { mode: "shutdown", text: "shutdown LRM, stop all services" };
}
