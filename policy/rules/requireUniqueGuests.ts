import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { GuestFacts } from "../facts/site";
import type { Rule } from "./rule";

/** A host name (RFC 1123), as Proxmox VE takes it for VMs and containers. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export const requireUniqueGuests: Rule = {
  name: "require-unique-guests",
  description: "Each guest has a number and a host name of its own.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Give the guest another VMID, or another name.",
  judge: ({ guests }) => [
    ...twice(guests, "VMID", ({ vmid }) => need(vmid, "it is")),
    ...twice(guests, "name", ({ hostName }) => need(hostName, "it is")?.toLowerCase()),
    ...guests.flatMap(({ urn, name, hostName }) => {
      if (typeof hostName !== "string" || hostName.split(".").every((part) => LABEL.test(part)))
        return [];
      const message =
        `guest ${name} is called ${hostName}, which is no host name: letters, digits and hyphens, ` +
        "63 at most between dots. Proxmox VE refuses it; give it another name.";
      return [{ urn, message }];
    }),
  ],
};

/** Proxmox VE numbers a guest without a VMID by itself, and so differently. */
function twice(
  guests: GuestFacts[],
  what: string,
  valueOf: (guest: GuestFacts) => string | number | undefined,
): ReturnType<Rule["judge"]> {
  const first = new Map<string | number, GuestFacts>();
  return guests.flatMap((guest) =>
    attempt(guest.urn, `the ${what} of ${guest.name}`, () => {
      const value = valueOf(guest);
      const other = value === undefined ? undefined : first.get(value);
      if (value !== undefined && !other) first.set(value, guest);
      if (!other) return [];
      const message =
        `guests ${other.name} and ${guest.name} have the same ${what}, ${value}` +
        (what === "VMID"
          ? ": the second cannot be made, or one is taken for the other. Give one another number."
          : ": backups, logs and names in the network no longer say which is meant. Give one another name.");
      return [{ urn: guest.urn, message }];
    }),
  );
}
