import { attempt } from "../facts/judge";
import { need, some } from "../facts/known";
import type { Rule } from "./rule";

export const requireGuestAgent: Rule = {
  name: "require-guest-agent",
  description: "VMs run the QEMU guest agent.",
  enforcementLevel: "advisory",
  severity: "medium",
  remedy: "Install qemu-guest-agent in the guest, then say agent: true.",
  judge: ({ guests }) => {
    const vms = guests.filter(({ kind, template }) => kind === "vm" && template !== true);
    const [first] = vms;
    if (!first) return [];
    return attempt(first.urn, "the guest agents", () => {
      const without = vms.filter(({ name, agent }) => !need(agent, `the agent of ${name} is`));
      const [urn] = without.map((guest) => guest.urn);
      if (urn === undefined) return [];
      const message =
        `without guest agent: ${some(without.map(({ name }) => name))}. Their backups are those of a machine ` +
        "that lost power, and a shutdown hangs until its time is up. Install it, then say guests.*.agent: true.";
      return [{ urn, message }];
    });
  },
};
