import { UNKNOWN } from "../../../policy/facts/known";
import type { OptionsFacts, SiteFacts } from "../../../policy/facts/site";
import { requireLimitsOnSharedLink } from "../../../policy/rules/requireLimitsOnSharedLink";
import { backupJob, backupStorage, cluster, judge, PVE01, PVE02, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireLimitsOnSharedLink, site(changes), config);

const options = (limits: OptionsFacts["limits"]): OptionsFacts[] => [
  { urn: "urn:options", name: "options", limits },
];
const slow = { backupJobs: [backupJob({ bandwidth: 60000 })] };

const refused = (what: string): [string, string][] => [
  [
    "urn:mizar",
    `cluster mizar: corosync has one link on pve01, pve02 and shares it with what nothing limits: ${what}. ` +
      "At full speed that delays corosync until nodes reset. Say a limit in KiB/s, as 60000 for half of 1 Gbit/s, " +
      "in the options of the cluster and in backup jobs, or add a second link.",
  ],
];

describe("a link is shared", () => {
  it.each<[string, Partial<SiteFacts>]>([
    ["when everything is limited", { options: options({ default: 60000 }), ...slow }],
    [
      "when each task has a limit of its own",
      { options: options({ clone: 1, migration: 2, move: 3, restore: 4 }), ...slow },
    ],
    [
      "when a job that is not limited goes to the node's own disks",
      { options: options({ default: 1 }), backupJobs: [backupJob({ storage: "local" })] },
    ],
    [
      "when one is switched off",
      { options: options({ default: 1 }), backupJobs: [backupJob({ enabled: false })] },
    ],
    [
      "by nobody, where there are two",
      { clusters: [cluster({ nodes: [PVE01, PVE02].map((node) => ({ ...node, links: 2 })) })] },
    ],
    ["by one node with itself", { clusters: [cluster({ nodes: [PVE01] })] }],
  ])("%s", (_when, changes) => {
    expect(verdict(changes)).toEqual([]);
  });

  it("or not, as the configuration says", () => {
    expect(verdict({}, { redundant: ["mizar"] })).toEqual([]);
    expect(verdict({}, { limited: ["mizar"] })).toEqual([]);
    expect(verdict({}, { redundant: ["alcor"], limited: ["alcor"] })).toHaveLength(1);
  });
});

describe("a link is not shared", () => {
  it.each<[string, Partial<SiteFacts>]>([
    ["clone, migration, move, restore, backup job nightly", {}],
    ["backup job nightly", { options: options({ default: 60000 }) }],
    ["clone, migration, move, restore", slow],
    ["clone, move, restore", { options: options({ migration: 60000 }), ...slow }],
    ["migration", { options: options({ default: 60000, migration: 0 }), ...slow }],
    [
      "backup job nightly",
      { options: options({ default: 1 }), storages: [backupStorage({ id: "Other" })] },
    ],
  ])("with unlimited %s", (what, changes) => {
    expect(verdict(changes)).toEqual(refused(what));
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["its nodes are", { clusters: [cluster({ nodes: UNKNOWN })] }],
    ["the limits of options are", { options: options(UNKNOWN) }],
    ["the limit of backup job nightly is", { backupJobs: [backupJob({ bandwidth: UNKNOWN })] }],
    ["the storage of backup job nightly is", { backupJobs: [backupJob({ storage: UNKNOWN })] }],
    ["whether Backup is shared is", { storages: [backupStorage({ shared: UNKNOWN })] }],
  ])("as far as it can be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:mizar", `cannot judge the limits of cluster mizar until ${until} known.`],
    ]);
  });
});
