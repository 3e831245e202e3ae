import { UNKNOWN } from "../../../policy/facts/known";
import { adviseSupportedRelease } from "../../../policy/rules/adviseSupportedRelease";
import { cluster, judge, site } from "../support/facts";

const verdictOn = (changes: Parameters<typeof cluster>[0]) =>
  judge(adviseSupportedRelease, site({ clusters: [cluster(changes)] }));

describe("the release gets updates", () => {
  it.each([9, 10])("that is %s", (release) => {
    expect(verdictOn({ release })).toEqual([]);
  });

  it("or nobody says which it is", () => {
    expect(verdictOn({ release: undefined })).toEqual([]);
  });
});

describe("the release gives advice", () => {
  it.each([8, 7])("that is %s", (release) => {
    expect(verdictOn({ release })).toEqual([
      [
        "urn:mizar",
        `cluster mizar is on Proxmox VE ${release}, which has got no updates since August 2026, ` +
          "not even against holes that everybody knows. Upgrade its nodes.",
      ],
    ]);
  });
});

it("cannot be judged as long as the release is unknown", () => {
  expect(verdictOn({ release: UNKNOWN })).toEqual([
    ["urn:mizar", "cannot judge the release of cluster mizar until its release is known."],
  ]);
});
