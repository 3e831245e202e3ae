import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { adviseNodeMemory } from "../../../policy/rules/adviseNodeMemory";
import { cluster, judge, PVE01, PVE02, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(adviseNodeMemory, site(changes), config);

const withMemory = (memory: (typeof PVE01)["memory"]) => ({
  clusters: [cluster({ nodes: [{ ...PVE01, memory }, PVE02] })],
});

it("has nothing to say of a node with 8 GB, and of one of which nobody says", () => {
  expect(verdict(withMemory(7.5 * 1024 ** 3))).toEqual([]);
  expect(verdict(withMemory(undefined))).toEqual([]);
});

it("has nothing to say of less where the configuration says that it is enough", () => {
  expect(verdict({}, { minimum: 3840 })).toEqual([]);
});

it.each([
  [3.75 * 1024 ** 3, "3.75"],
  [7.5 * 1024 ** 3 - 1, "7.49"],
])("advises more than %d bytes", (bytes, shown) => {
  expect(verdict(withMemory(bytes))).toEqual([
    [
      "urn:mizar",
      `node pve01 reports ${shown} GiB of memory, and a host for guests should have 8: ` +
        "Proxmox VE itself, its cache and the guests of a lost node share it.",
    ],
  ]);
});

it("cannot judge unknown memory", () => {
  expect(verdict(withMemory(UNKNOWN))).toEqual([
    ["urn:mizar", "cannot judge the memory of cluster mizar until that of pve01 is known."],
  ]);
  expect(verdict({ clusters: [cluster({ nodes: UNKNOWN })] })).toEqual([
    ["urn:mizar", "cannot judge the memory of cluster mizar until its nodes are known."],
  ]);
});
