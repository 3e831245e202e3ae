import { isSomebodyTold } from "../../../policy/facts/notification";
import type { MatcherFacts, NotificationFacts } from "../../../policy/facts/site";
import { site } from "../support/facts";

const matcher = (changes: Partial<MatcherFacts> = {}): MatcherFacts => ({
  name: "failures",
  enabled: true,
  targets: ["office"],
  severities: [],
  narrow: false,
  ...changes,
});
const told = (changes: Partial<NotificationFacts>): boolean =>
  isSomebodyTold(
    site({
      notifications: [
        {
          urn: "urn:notifications",
          name: "notifications",
          targets: [{ name: "office", enabled: true }],
          matchers: [matcher()],
          rootMail: undefined,
          ...changes,
        },
      ],
    }),
  );
const DEFAULT = { name: "default-matcher", targets: ["mail-to-root"] };

describe("somebody is told of an error", () => {
  it.each<[string, Partial<NotificationFacts>]>([
    ["by a matcher for everything", {}],
    ["by one for errors", { matchers: [matcher({ severities: ["error", "warning"] })] }],
    ["by root's address", { matchers: [], rootMail: "root@example.org" }],
    [
      "by a matcher that names mail-to-root",
      {
        matchers: [matcher(DEFAULT), matcher({ enabled: false })],
        rootMail: "root@example.org",
      },
    ],
  ])("%s", (_how, changes) => {
    expect(told(changes)).toBe(true);
  });
});

describe("nobody is told of an error", () => {
  it.each<[string, Partial<NotificationFacts>]>([
    ["without a matcher for the target", { matchers: [] }],
    ["by a matcher that is off", { matchers: [matcher({ enabled: false })] }],
    ["by one for other severities", { matchers: [matcher({ severities: ["info"] })] }],
    ["by one that takes some messages only", { matchers: [matcher({ narrow: true })] }],
    ["by a target that is off", { targets: [{ name: "office", enabled: false }] }],
    [
      "where the matcher for root's mail is off",
      {
        matchers: [matcher({ ...DEFAULT, enabled: false })],
        rootMail: "root@example.org",
      },
    ],
    ["where root has no address", { matchers: [matcher(DEFAULT)] }],
  ])("%s", (_why, changes) => {
    expect(told(changes)).toBe(false);
  });
});
