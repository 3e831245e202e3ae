import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireBackupCoverage } from "../../../policy/rules/requireBackupCoverage";
import { backupJob, disk, guest, haResource, judge, site, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireBackupCoverage, site(changes), config);

const jobs = (...changes: Parameters<typeof backupJob>[0][]) => ({
  backupJobs: changes.map(backupJob),
});
const refused = (name: string): [string, string] => [
  `urn:${name}`,
  `guest ${name} is in no enabled backup job, so its data is lost with its disks. ` +
    "Add it to one: site.backups.*.guests.",
];

describe("a guest is backed up", () => {
  it("by a job of all guests", () => {
    expect(verdict()).toEqual([]);
  });

  it("by one job or another", () => {
    const two = jobs({ all: false, guests: ["100"] }, { all: false, guests: ["102", "105"] });
    expect(verdict(two)).toEqual([]);
  });

  it("by a job of its pool", () => {
    const guests = [guest({ pool: "prod" })];
    expect(verdict({ guests, ...jobs({ all: false, pool: "prod" }) })).toEqual([]);
  });

  it("by a job of its node, where it stays", () => {
    expect(verdict({ guests: [web()], ...jobs({ node: "pve02" }) })).toEqual([]);
  });

  it("or needs no backup, as a template, without data, or by its tag", () => {
    const guests = [
      guest({ template: true }),
      guest({ disks: [disk({ data: false })] }),
      guest({ tags: ["no-backup"] }),
    ];
    expect(verdict({ guests, backupJobs: [] })).toEqual([]);
    expect(
      verdict({ guests: [guest({ tags: ["scratch"] })], backupJobs: [] }, { exceptTag: "scratch" }),
    ).toEqual([]);
  });
});

describe("a guest is not backed up", () => {
  it.each<[string, Parameters<typeof backupJob>[0]]>([
    ["is switched off", { enabled: false }],
    ["leaves both out", { excluded: ["100", "102"] }],
    ["is about others", { all: false, guests: ["101"] }],
    ["is about a pool", { all: false, pool: "prod" }],
    ["is about another node", { node: "pve01" }],
  ])("when the only job %s", (_what, changes) => {
    expect(verdict(jobs(changes))).toEqual([refused("win2016"), refused("web")]);
  });

  it("by a job of its node, when HA may move it away", () => {
    expect(verdict(jobs({ node: "pve02" }))).toEqual([refused("win2016")]);
    expect(verdict({ ...jobs({ node: "pve02" }), haResources: [] })).toEqual([]);
  });

  it("without any job", () => {
    expect(verdict({ backupJobs: [], guests: [web()], haResources: [haResource()] })).toEqual([
      refused("web"),
    ]);
  });

  it("with all of its disks", () => {
    const disks = [disk({ slot: "rootfs" }), disk({ slot: "mp0", backedUp: false })];
    expect(verdict({ guests: [web({ disks })] })).toEqual([
      ["urn:web", "guest web: mp0 is left out of its backups. Say backup: true on it."],
    ]);
  });
});

describe("the backup of a guest cannot be judged", () => {
  it.each<[string, Partial<SiteFacts>]>([
    ["whether it is a template is", { guests: [web({ template: UNKNOWN })] }],
    ["its tags are", { guests: [web({ tags: UNKNOWN })] }],
    ["its disks are", { guests: [web({ disks: UNKNOWN })] }],
    [
      "whether rootfs is backed up is",
      { guests: [web({ disks: [disk({ slot: "rootfs", backedUp: UNKNOWN })] })] },
    ],
    ["the guests of all backup jobs are", { guests: [web()], ...jobs({ enabled: UNKNOWN }) }],
    ["the guests of all backup jobs are", { guests: [web()], ...jobs({ all: UNKNOWN }) }],
    ["the guests of all backup jobs are", { guests: [web()], ...jobs({ node: UNKNOWN }) }],
    [
      "the guests of all backup jobs are",
      { guests: [web({ pool: UNKNOWN })], ...jobs({ all: false, pool: "prod" }) },
    ],
    [
      "the guests of all backup jobs are",
      { guests: [web({ vmid: UNKNOWN })], ...jobs({ excluded: ["100"] }) },
    ],
  ])("until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:web", `cannot judge the backup of web until ${until} known.`],
    ]);
  });

  it("but is there whatever is unknown of other jobs, or of its own number", () => {
    expect(verdict(jobs({ enabled: UNKNOWN }, {}))).toEqual([]);
    expect(verdict({ guests: [web({ vmid: UNKNOWN })] })).toEqual([]);
  });
});
