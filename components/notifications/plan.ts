import type { Site } from "../schema";

export interface NotificationsPlan {
  targets: TargetPlan[];
  matchers: MatcherPlan[];
  rootMail?: string;
}

/** An entry of notifications.cfg. */
interface EntryPlan {
  name: string;
  /** Its place below /cluster/notifications. */
  place: string;
  /** Keys of the API with their values; those of lists stand several times. */
  settings: [key: string, value: string][];
  /** Keys that are taken from it where `settings` has none. */
  deletable: string[];
  enabled: boolean;
}

export interface TargetPlan extends EntryPlan {
  type: Target["type"];
  /** Sent when it is made or changed. */
  test: boolean;
  /** Secrets, as lines of priv/notifications.cfg once their values are known. */
  secrets: SecretLine[];
}

export interface SecretLine {
  /** `password`, `token`, or `secret` with the name that it has in the target. */
  key: string;
  name?: string;
  /** Configuration key. */
  from: string;
}

export interface MatcherPlan extends EntryPlan {
  /** What the policies judge. */
  targets: string[];
  severities: string[];
  /** It looks at more than the severity. */
  narrow: boolean;
}

type Target = Site["notifications"]["targets"][string];
type Matcher = Site["notifications"]["matchers"][string];
type Setting = [string, string];

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

export function planNotifications(site: Site, stack: string): NotificationsPlan {
  const { targets, matchers, rootMail } = site.notifications;
  return {
    targets: Object.entries(targets)
      .map(([name, target]) => planTarget(name, target, stack))
      .sort(byName),
    matchers: Object.entries(matchers)
      .map(([name, matcher]) => planMatcher(name, matcher, stack))
      .sort(byName),
    ...(rootMail === undefined ? {} : { rootMail }),
  };
}

export function isSilent({ targets, matchers, rootMail }: NotificationsPlan): boolean {
  return targets.length + matchers.length === 0 && rootMail === undefined;
}

/** By this the stack knows what it has made. */
export const markOf = (stack: string): string => `managed by Pulumi, stack ${stack}`;

const comment = (text: string | undefined, stack: string): Setting[] => [
  ["comment", text === undefined ? markOf(stack) : `${text} (${markOf(stack)})`],
];
const given = (key: string, value: string | number | undefined): Setting[] =>
  value === undefined ? [] : [[key, String(value)]];
const each = (key: string, values: string[]): Setting[] =>
  [...values].sort().map((value) => [key, value]);
const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

function planTarget(name: string, target: Target, stack: string): TargetPlan {
  const { type, enabled, test } = target;
  return {
    name,
    type,
    place: `endpoints/${type}`,
    settings: [
      ...settingsOf(target),
      ...comment(target.comment, stack),
      ...given("disable", enabled ? undefined : 1),
    ],
    deletable: ["disable", ...DELETABLE[type]],
    enabled,
    test: test && enabled,
    secrets: secretsOf(target),
  };
}

/** What proxmox-notify lets go of; the rest is always said. */
const DELETABLE: Record<Target["type"], string[]> = {
  gotify: [],
  sendmail: ["author", "from-address", "mailto", "mailto-user"],
  smtp: ["author", "mailto", "mailto-user", "port", "username"],
  webhook: ["body", "header"],
};

function settingsOf(target: Target): Setting[] {
  switch (target.type) {
    case "gotify":
      return [["server", target.server]];
    case "sendmail":
      return [...given("from-address", target.from), ...recipients(target)];
    case "smtp":
      return [
        ["server", target.server],
        ["mode", target.encryption],
        ["from-address", target.from],
        ...given("port", target.port),
        ...given("username", target.username),
        ...recipients(target),
      ];
    case "webhook":
      return [
        ["url", target.url],
        ["method", target.method],
        ...each(
          "header",
          Object.entries(target.headers).map(([key, text]) => `name=${key},value=${base64(text)}`),
        ),
        ...given("body", target.body === undefined ? undefined : base64(target.body)),
      ];
    default: {
      const never: never = target;
      return never;
    }
  }
}

function recipients(target: {
  to: string[];
  users: string[];
  author?: string | undefined;
}): Setting[] {
  const { to, users, author } = target;
  return [...each("mailto", to), ...each("mailto-user", users), ...given("author", author)];
}

function secretsOf(target: Target): SecretLine[] {
  switch (target.type) {
    case "smtp":
      return target.passwordFrom === undefined
        ? []
        : [{ key: "password", from: target.passwordFrom }];
    case "gotify":
      return [{ key: "token", from: target.tokenFrom }];
    case "webhook":
      return Object.entries(target.secrets)
        .map(([name, { valueFrom }]) => ({ key: "secret", name, from: valueFrom }))
        .sort(byName);
    case "sendmail":
      return [];
    default: {
      const never: never = target;
      return never;
    }
  }
}

function planMatcher(name: string, matcher: Matcher, stack: string): MatcherPlan {
  const { targets, severities = [], fields, hours, mode, invert, enabled } = matcher;
  const fieldLines = Object.entries(fields).map(
    ([field, values]) => `exact:${field}=${[...values].sort().join(",")}`,
  );
  return {
    name,
    place: "matchers",
    settings: [
      ...each("target", targets),
      // In one value, as several would all have to fit at a time.
      ...given(
        "match-severity",
        severities.length === 0 ? undefined : [...severities].sort().join(","),
      ),
      ...each("match-field", fieldLines),
      ...given("match-calendar", hours),
      ["mode", mode],
      ...given("invert-match", invert ? 1 : undefined),
      ...comment(matcher.comment, stack),
      ...given("disable", enabled ? undefined : 1),
    ],
    deletable: ["disable", "invert-match", "match-calendar", "match-field", "match-severity"],
    enabled,
    targets: [...targets].sort(),
    severities: [...severities].sort(),
    narrow: invert || (mode === "all" && (fieldLines.length > 0 || hours !== undefined)),
  };
}
