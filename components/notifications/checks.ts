import { type DraftSite, entries, problem } from "../draft";
import type { Problem } from "../problems";

/** What every cluster has without a line in a file. */
const MAIL_TO_ROOT = "mail-to-root";

/** Who gets a mail, and who logs in to send it. */
export function mailTargets({ notifications }: DraftSite): Problem[] {
  return entries(notifications?.targets).flatMap(([name, target]) => {
    const path = ["notifications", "targets", name];
    if (target.type !== "smtp" && target.type !== "sendmail") return [];
    // A list with a fault is not there, and does not say that it was to be empty.
    const nobody = target.to?.length === 0 && target.users?.length === 0;
    const login = target.type === "smtp" ? target : {};
    return [
      ...(nobody ? problem(path, "nobody gets this mail; say to or users") : []),
      ...(login.username !== undefined && login.passwordFrom === undefined
        ? problem(path, "username is set without a password; say passwordFrom too")
        : []),
      ...(login.passwordFrom !== undefined && login.username === undefined
        ? problem(path, "passwordFrom is set without a user; say username too")
        : []),
    ];
  });
}

/** Targets and matchers share one list of names in Proxmox VE, which has two of its own. */
export function namesOfNotifications({ notifications }: DraftSite): Problem[] {
  const { targets = {}, matchers = {} } = notifications ?? {};
  const known = [...Object.keys(targets), MAIL_TO_ROOT];
  return [
    ...[MAIL_TO_ROOT, "default-matcher"].flatMap((name) =>
      Object.hasOwn(targets, name)
        ? problem(
            ["notifications", "targets", name],
            "every cluster has something of this name; give the target another",
          )
        : [],
    ),
    ...(Object.hasOwn(matchers, MAIL_TO_ROOT)
      ? problem(
          ["notifications", "matchers", MAIL_TO_ROOT],
          "every cluster has a target of this name; give the matcher another",
        )
      : []),
    ...Object.keys(matchers).flatMap((name) =>
      Object.hasOwn(targets, name)
        ? problem(
            ["notifications", "matchers", name],
            "this is also the name of a target; give the matcher another",
          )
        : [],
    ),
    ...entries(matchers).flatMap(([name, matcher]) =>
      (matcher.targets ?? []).flatMap((target, index) =>
        target === undefined || known.includes(target)
          ? []
          : problem(
              ["notifications", "matchers", name, "targets", index],
              `there is no target "${target}"; targets are ${known.join(", ")}`,
            ),
      ),
    ),
  ];
}
