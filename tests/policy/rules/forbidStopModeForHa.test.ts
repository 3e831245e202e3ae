import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidStopModeForHa } from "../../../policy/rules/forbidStopModeForHa";
import { backupJob, haResource, judge, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidStopModeForHa, site(changes), config);

const stop = (changes: Parameters<typeof backupJob>[0] = {}) => ({
  backupJobs: [backupJob({ mode: "stop", ...changes })],
});

describe("a mode is taken", () => {
  it.each(["snapshot", "suspend"])("of %s", (mode) => {
    expect(verdict(stop({ mode }))).toEqual([]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["of guests that are not in HA", stop({ all: false, guests: ["102"] })],
    [
      "of guests that HA keeps stopped",
      { ...stop(), haResources: [haResource({ state: "stopped" })] },
    ],
    ["while the job is switched off", stop({ enabled: false })],
  ])("of stop, %s", (_what, changes) => {
    expect(verdict(changes)).toEqual([]);
  });
});

describe("a mode is refused", () => {
  it.each(["started", "enabled"])("of stop, for guests that HA keeps %s", (state) => {
    expect(verdict({ ...stop(), haResources: [haResource({ state })] })).toEqual([
      [
        "urn:nightly",
        "backup job nightly is in stop mode, which Proxmox VE refuses for guests that HA keeps started " +
          "(win2016): they would have no backup. Choose snapshot: site.backups.nightly.mode.",
      ],
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["it is", stop({ mode: UNKNOWN })],
    ["its guests are", stop({ all: UNKNOWN })],
    ["the HA state is", { ...stop(), haResources: [haResource({ state: UNKNOWN })] }],
    ["its HA resource id is", { ...stop(), haResources: [haResource({ sid: UNKNOWN })] }],
  ])("that cannot be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:nightly", `cannot judge the mode of backup job nightly until ${until} known.`],
    ]);
  });
});
