import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidRemovedPrivileges } from "../../../policy/rules/forbidRemovedPrivileges";
import { cluster, judge, role, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidRemovedPrivileges, site(changes), config);
const roles = (...privileges: string[]) => [role({ privileges })];

const REFUSED: [string, string] = [
  "urn:pulumi-dev",
  "role pulumi-dev has VM.Monitor, which Proxmox VE 9 does not know: it refuses the whole role. " +
    "Take it out; VM.GuestAgent.Audit and its like took its place.",
];

it("takes the privileges of Proxmox VE 9 there, and those of 8 there", () => {
  expect(verdict()).toEqual([]);
  const eight = [cluster({ release: 8 })];
  expect(verdict({ clusters: eight, roles: roles("VM.Monitor", "VM.Audit") })).toEqual([]);
});

it.each([9, 10])("refuses VM.Monitor on %d", (release) => {
  expect(
    verdict({ clusters: [cluster({ release })], roles: roles("Sys.Audit", "VM.Monitor") }),
  ).toEqual([[REFUSED[0], REFUSED[1].replace("VE 9", `VE ${release}`)]]);
});

it.each(["VM.GuestAgent.Audit", "VM.GuestAgent.FileRead", "VM.Replicate"])(
  "refuses %s on 8",
  (privilege) => {
    expect(verdict({ clusters: [cluster({ release: 8 })], roles: roles(privilege) })).toEqual([
      [
        "urn:pulumi-dev",
        `role pulumi-dev has ${privilege}, which Proxmox VE 8 does not know: it refuses the whole role. ` +
          "Take it out; VM.Monitor has its place there.",
      ],
    ]);
  },
);

it.each([[[]], [[cluster({ release: undefined })]]])(
  "takes the release of its settings where no cluster tells it",
  (clusters) => {
    const seen = { clusters, roles: roles("VM.Monitor") };
    expect(verdict(seen)).toEqual([REFUSED]);
    expect(verdict(seen, { release: 8 })).toEqual([]);
  },
);

it("follows the newest of several clusters", () => {
  const clusters = [cluster({ release: 8 }), cluster({ release: 9 })];
  expect(verdict({ clusters, roles: roles("VM.Monitor") })).toEqual([REFUSED]);
});

it.each<[string, Partial<SiteFacts>, string]>([
  ["release", { clusters: [cluster({ release: UNKNOWN })] }, "the cluster's release is"],
  ["privileges", { roles: [role({ privileges: UNKNOWN })] }, "they are"],
])("cannot judge with an unknown %s", (_what, changes, what) => {
  expect(verdict(changes)).toEqual([
    ["urn:pulumi-dev", `cannot judge the privileges of role pulumi-dev until ${what} known.`],
  ]);
});
