import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireUnprivilegedContainers } from "../../../policy/rules/requireUnprivilegedContainers";
import { judge, site, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireUnprivilegedContainers, site(changes), config);

it("takes VMs and unprivileged containers", () => {
  expect(verdict()).toEqual([]);
});

it("takes a privileged container that the configuration names", () => {
  expect(verdict({ guests: [web({ unprivileged: false })] }, { except: ["web"] })).toEqual([]);
});

it("refuses any other privileged container", () => {
  expect(verdict({ guests: [web({ unprivileged: false })] }, { except: ["dns"] })).toEqual([
    [
      "urn:web",
      "container web is privileged: root in it is root on the node once it breaks out. " +
        "Say unprivileged: true; a container that exists is made anew by it, from a backup.",
    ],
  ]);
});

it("cannot judge one of which that is unknown", () => {
  expect(verdict({ guests: [web({ unprivileged: UNKNOWN })] })).toEqual([
    [
      "urn:web",
      "cannot judge the privileges of container web until whether it is unprivileged is known.",
    ],
  ]);
});
