import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts, UserFacts } from "../../../policy/facts/site";
import { requireNotification } from "../../../policy/rules/requireNotification";
import { backupJob, judge, NOTHING, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireNotification, site(changes), config);

const user = (changes: Partial<UserFacts> = {}): UserFacts => ({
  urn: "urn:root",
  name: "root",
  user: "root@pam",
  email: "ops@example.org",
  ...changes,
});
const refused = (what: string): string =>
  `nobody is told when ${what}: root@pam has no mail address in the program, and no target is named. ` +
  "Give it one that is read, or make a target on the cluster and name it: require-notification.targets.";

describe("somebody is told", () => {
  it.each<[string, Partial<SiteFacts>]>([
    ["by root's address", { users: [user()] }],
    [
      "by the address of each job",
      { backupJobs: [backupJob({ mail: ["a@example.org"] })], haResources: [] },
    ],
    [
      "or there is nothing to tell",
      { backupJobs: [backupJob({ enabled: false })], haResources: [] },
    ],
  ])("%s", (_how, changes) => {
    expect(verdict(changes)).toEqual([]);
  });

  it("by a target that the configuration names", () => {
    expect(verdict({}, { targets: ["ops"] })).toEqual([]);
  });
});

describe("nobody is told", () => {
  it.each<[string, Partial<SiteFacts>, string]>([
    ["of anything", {}, "backup job nightly fails or a node is fenced"],
    ["of fencing", { backupJobs: [backupJob({ mail: ["a@example.org"] })] }, "a node is fenced"],
    ["of backups", { haResources: [] }, "backup job nightly fails"],
    [
      "of one of two jobs",
      {
        haResources: [],
        backupJobs: [backupJob({ mail: ["a@example.org"] }), backupJob({ name: "weekly" })],
      },
      "backup job weekly fails",
    ],
    [
      "where root has no address",
      { users: [user({ email: undefined })] },
      "backup job nightly fails or a node is fenced",
    ],
    [
      "where it is another's",
      { users: [user({ user: "jane@pve" })] },
      "backup job nightly fails or a node is fenced",
    ],
  ])("%s", (_of, changes, what) => {
    expect(verdict(changes)).toEqual([["urn:mizar", refused(what)]]);
  });

  it("without a cluster either", () => {
    expect(judge(requireNotification, { ...NOTHING, backupJobs: [backupJob()] })).toEqual([
      ["urn:nightly", refused("backup job nightly fails")],
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["the addresses of backup job nightly are", { backupJobs: [backupJob({ mail: UNKNOWN })] }],
    ["the id of user root is", { users: [user({ user: UNKNOWN })] }],
    ["the mail address of root@pam is", { users: [user({ email: UNKNOWN })] }],
  ])("as far as it can be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:mizar", `cannot judge who is notified until ${until} known.`],
    ]);
  });
});
