import type { StartupPlan } from "./commonPlan";

/** Place and delays as the provider takes them, -1 for what Proxmox VE decides. All are said: see `vmInputs`. */
export function startupInputs(startup: StartupPlan) {
  return { order: -1, upDelay: -1, downDelay: -1, ...startup };
}
