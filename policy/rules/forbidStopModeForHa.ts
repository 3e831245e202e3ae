import { coverage, enabledJobs } from "../facts/backup";
import { attempt, guestFinder } from "../facts/judge";
import { need, some } from "../facts/known";
import type { Rule } from "./rule";

/** vzdump would stop the guest behind the HA manager's back, and so refuses (PVE::VZDump::QemuServer, ::LXC). */
export const forbidStopModeForHa: Rule = {
  name: "forbid-stop-mode-for-ha",
  description: "No backup job in stop mode takes a guest that HA keeps started.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Back up HA guests in snapshot mode, with the guest agent for consistency.",
  judge: (facts) => {
    const covers = coverage(facts);
    return enabledJobs(facts).flatMap((job) => {
      const { urn, name } = job;
      return attempt(urn, `the mode of backup job ${name}`, () => {
        if (need(job.mode, "it is") !== "stop") return [];
        const find = guestFinder(facts);
        const started = facts.haResources
          .filter(({ state }) => ["started", "enabled"].includes(need(state, "the HA state is")))
          .map(find);
        const taken = started.filter((guest) => need(covers(job, guest), "its guests are"));
        if (taken.length === 0) return [];
        const message =
          `backup job ${name} is in stop mode, which Proxmox VE refuses for guests that HA keeps started ` +
          `(${some(taken.map((guest) => guest.name))}): they would have no backup. ` +
          `Choose snapshot: site.backups.${name}.mode.`;
        return [{ urn, message }];
      });
    });
  },
};
