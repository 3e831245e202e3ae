import { enabledJobs } from "../facts/backup";
import { attempt } from "../facts/judge";
import { need, some } from "../facts/known";
import { isSomebodyTold } from "../facts/notification";
import type { Rule } from "./rule";

interface Config {
  targets: string[];
}

/** A backup that fails each night is found out on the day when it is needed. */
export const requireNotification: Rule<Config> = {
  name: "require-notification",
  description: "Somebody is told when a backup fails or a node is fenced.",
  enforcementLevel: "mandatory",
  development: "disabled",
  severity: "high",
  remedy: "Give root@pam a mail address that is read, or make a notification target and name it.",
  settings: {
    targets: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Notification targets of the cluster that are matched, by their names there.",
    },
  },
  judge: (facts, { targets }) => {
    const jobs = enabledJobs(facts);
    const at = facts.clusters[0] ?? jobs[0] ?? facts.haResources[0];
    if (!at || targets.length > 0) return [];
    return attempt(at.urn, "who is notified", () => {
      const silent = jobs.filter(
        ({ name, mail }) => need(mail, `the addresses of backup job ${name} are`).length === 0,
      );
      const events = [
        ...(silent.length > 0 ? [`backup job ${some(silent.map(({ name }) => name))} fails`] : []),
        ...(facts.haResources.length > 0 ? ["a node is fenced"] : []),
      ];
      if (events.length === 0 || isSomebodyTold(facts)) return [];
      const message =
        `nobody is told when ${events.join(" or ")}: root@pam has no mail address in the program, and no target is named. ` +
        "Give it one that is read, or make a target on the cluster and name it: require-notification.targets.";
      return [{ urn: at.urn, message }];
    });
  },
};
