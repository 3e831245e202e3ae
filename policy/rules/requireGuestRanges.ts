import { attempt } from "../facts/judge";
import { HIGHEST, LOWEST, outsideOf, type Range } from "../facts/ranges";
import type { Rule } from "./rule";

interface Config {
  ranges: Range[];
}

const text = { type: "string" } as const;
const vmid = { type: "integer", minimum: LOWEST, maximum: HIGHEST } as const;

export const requireGuestRanges: Rule<Config> = {
  name: "require-guest-ranges",
  description: "Guests have numbers and names from the ranges that the site gives them.",
  enforcementLevel: "mandatory",
  severity: "low",
  remedy: "Give the guest a VMID and a name from its range.",
  settings: {
    ranges: {
      type: "array",
      items: {
        type: "object",
        properties: {
          kind: { type: "string", enum: ["vm", "ct"] },
          ...{ pool: text, tag: text, from: vmid, to: vmid, prefix: text },
        },
        additionalProperties: false,
      },
      default: [],
      description: "VMIDs and beginnings of names, by kind, pool or tag.",
    },
  },
  judge: ({ guests }, { ranges }) =>
    guests.flatMap((guest) =>
      attempt(guest.urn, `the range of ${guest.name}`, () =>
        outsideOf(ranges, guest).map((message) => ({ urn: guest.urn, message })),
      ),
    ),
};
