import type { VmLegacy } from "@muhlba91/pulumi-proxmoxve/vmLegacy";
import type * as pulumi from "@pulumi/pulumi";
import { sameAsBefore } from "../aliases";
import type { StackConfig } from "../config";
import type { Connections } from "../connections";
import { remoteScript, type RemoteScriptArgs } from "../remoteScript";
import { Container } from "./container";
import { mountLines } from "./containerMounts";
import {
  type ContainerPlan,
  type GuestPlan,
  originalsFirst,
  type VirtualMachinePlan,
} from "./plan";
import { VirtualMachine } from "./virtualMachine";

export interface GuestsArgs {
  stack: string;
  /** Where scripts run. */
  host: string;
  connections: Connections;
  secret: StackConfig["secret"];
  options: pulumi.ComponentResourceOptions;
  /** What must be there before a guest: storages, media, its template. */
  neededBy(guest: GuestPlan): pulumi.Resource[];
}

/** All guests, and over SSH what the provider cannot set. Returns by key what others have to wait for. */
export function buildGuests(plans: GuestPlan[], args: GuestsArgs): Record<string, pulumi.Resource> {
  const machines = new Map<string, VmLegacy>();
  return Object.fromEntries(
    originalsFirst(plans).map((guest) => [
      guest.key,
      guest.type === "vm" ? buildVm(guest, machines, args) : buildContainer(guest, args),
    ]),
  );
}

function buildVm(
  guest: VirtualMachinePlan,
  machines: Map<string, VmLegacy>,
  args: GuestsArgs,
): pulumi.Resource {
  const { clone, cloudInit, drivers } = guest;
  const original = clone?.guest === undefined ? undefined : machines.get(clone.guest);
  const made = new VirtualMachine(
    guest.key,
    {
      plan: guest,
      dependsOn: args.neededBy(guest),
      stack: args.stack,
      ...(original ? { original } : {}),
      ...(cloudInit?.passwordFrom ? { password: args.secret(cloudInit.passwordFrom) } : {}),
    },
    { ...args.options, ...sameAsBefore(guest) },
  ).resource;
  machines.set(guest.key, made);
  if (!drivers) return made;
  const words = [String(guest.vmid), drivers, guest.restart ? "restart" : "wait"];
  return after(made, "guest/drivers", guest, { words, removes: true }, args);
}

function buildContainer(guest: ContainerPlan, args: GuestsArgs): pulumi.Resource {
  const made = new Container(
    guest.key,
    {
      plan: guest,
      dependsOn: args.neededBy(guest),
      stack: args.stack,
      ...(guest.passwordFrom ? { password: args.secret(guest.passwordFrom) } : {}),
    },
    { ...args.options, ...sameAsBefore(guest) },
  ).resource;
  const VMID = String(guest.vmid);
  if (guest.nesting !== undefined) {
    const variables = { VMID, NESTING: guest.nesting ? "1" : "0" };
    after(made, "guest/nesting", guest, { variables }, args);
  }
  if (guest.mounts.length > 0) {
    after(made, "guest/mounts", guest, { variables: { VMID, MOUNTS: mountLines(guest) } }, args);
  }
  return made;
}

/** A script about a guest that exists. */
function after(
  made: pulumi.Resource,
  script: "guest/drivers" | "guest/mounts" | "guest/nesting",
  guest: GuestPlan,
  call: Pick<RemoteScriptArgs, "words" | "variables" | "removes">,
  { host, connections }: GuestsArgs,
): pulumi.Resource {
  const name = (key: string): string => `${script.replace("guest/", "")}-${key}`;
  return remoteScript(name(guest.key), { host, script, ...call }, connections, {
    dependsOn: [made],
    ...sameAsBefore(guest, name),
  });
}
