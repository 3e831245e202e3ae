import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

export const requireGuestAgent: Rule = {
  name: "require-guest-agent",
  description: "VMs run the QEMU guest agent.",
  enforcementLevel: "advisory",
  severity: "medium",
  remedy: "Install qemu-guest-agent in the guest, then say agent: true.",
  judge: ({ guests }) =>
    guests
      .filter(({ kind, template }) => kind === "vm" && template !== true)
      .flatMap(({ urn, name, agent }) =>
        attempt(urn, `the guest agent of ${name}`, () => {
          if (need(agent, "it is")) return [];
          const message =
            `VM ${name} has no guest agent: its backups are those of a machine that lost power, and a shutdown ` +
            `hangs until its time is up. Install it, then say guests.${name}.agent: true.`;
          return [{ urn, message }];
        }),
      ),
};
