import { need } from "./known";
import type { NotificationFacts, SiteFacts } from "./site";

/** What every cluster has: all messages go to the address of root@pam. */
const MAIL_TO_ROOT = "mail-to-root";
const DEFAULT_MATCHER = {
  name: "default-matcher",
  enabled: true,
  targets: [MAIL_TO_ROOT],
  severities: [],
  narrow: false,
};

/** Whether a message of the severity `error` reaches somebody, whatever it is about. */
export function isSomebodyTold(facts: SiteFacts): boolean {
  const { notifications } = facts;
  const targets = notifications.flatMap((one) =>
    need(one.targets, `the targets of ${one.name} are`),
  );
  const matchers = notifications.flatMap((one) =>
    need(one.matchers, `the matchers of ${one.name} are`),
  );
  const reached = new Set(targets.filter(({ enabled }) => enabled).map(({ name }) => name));
  if (hasAddress(facts)) reached.add(MAIL_TO_ROOT);
  const named = matchers.some(({ name }) => name === DEFAULT_MATCHER.name);
  return [...matchers, ...(named ? [] : [DEFAULT_MATCHER])].some(
    ({ enabled, narrow, severities, targets }) =>
      enabled &&
      !narrow &&
      (severities.length === 0 || severities.includes("error")) &&
      targets.some((target) => reached.has(target)),
  );
}

function hasAddress({ users, notifications }: SiteFacts): boolean {
  return (
    notifications.some(rootHasMail) ||
    users.some(
      ({ name, user, email }) =>
        need(user, `the id of user ${name} is`) === "root@pam" &&
        Boolean(need(email, "the mail address of root@pam is")),
    )
  );
}

function rootHasMail({ rootMail }: NotificationFacts): boolean {
  return need(rootMail, "the mail address of root@pam is") !== undefined;
}
