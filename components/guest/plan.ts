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

/** A clone is made after what it is a clone of. */
export function originalsFirst(plans: GuestPlan[]): GuestPlan[] {
  const byKey = new Map(plans.map((plan) => [plan.key, plan]));
  const depth = (plan: GuestPlan): number => {
    const original = plan.type === "vm" ? byKey.get(plan.clone?.guest ?? "") : undefined;
    return original ? depth(original) + 1 : 0;
  };
  const depths = new Map(plans.map((plan) => [plan, depth(plan)]));
  return [...plans].sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0));
}

export type { GuestRules, StartupPlan } from "./commonPlan";
export type { ContainerPlan, MountPlan } from "./containerPlan";
export type { ImagePlan } from "./vmHardware";
export type { VirtualMachinePlan } from "./vmPlan";
