import { runsToEnd } from "../../system/ownServices";
import { unitFileOf } from "../../system/units";
import type { CommandContext } from "../command";

export type Where = Pick<CommandContext, "host" | "site">;

/** `active`, `inactive`, `failed`. */
export function activeState(name: string, { site, host }: Where): string {
  if (!runsToEnd(host, name) && site.units.isActive(host, name)) return "active";
  return site.units.state(host, name).failed ? "failed" : "inactive";
}

/** As `is-enabled` prints it. */
export function enabledState(name: string, { site, host }: Where): string {
  if (!site.units.exists(host, name)) return "not-found";
  if (site.units.state(host, name).masked) return "masked";
  if (unitFileOf(name)?.preset === "static") return "static";
  return site.units.isEnabled(host, name) ? "enabled" : "disabled";
}
