import type { Site } from "../schema";
import type { GuestRules } from "./commonPlan";
import { type ContainerPlan, planContainer } from "./containerPlan";
import { planVm, type VirtualMachinePlan } from "./vmPlan";

export type GuestPlan = VirtualMachinePlan | ContainerPlan;

export function planGuests(site: Site, rules: GuestRules): GuestPlan[] {
  return Object.entries(site.guests).map(([key, guest]) =>
    guest.type === "vm" ? planVm(site, key, guest, rules) : planContainer(site, key, guest, rules),
  );
}

export type { GuestRules, StartupPlan } from "./commonPlan";
export type { ContainerPlan } from "./containerPlan";
export type { ImagePlan, VirtualMachinePlan } from "./vmPlan";
