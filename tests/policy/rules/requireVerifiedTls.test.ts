import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireVerifiedTls } from "../../../policy/rules/requireVerifiedTls";
import { judge, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireVerifiedTls, site(changes), config);

const provider = { urn: "urn:pve", name: "pve", account: "proxmox-ha-dev@pve", insecure: false };

it("takes a provider that verifies", () => {
  expect(verdict()).toEqual([]);
});

it("refuses one that does not", () => {
  expect(verdict({ providers: [{ ...provider, insecure: !provider.insecure }] })).toEqual([
    [
      "urn:pve",
      "provider pve takes any certificate, so whoever stands in between gets its token. " +
        "Leave insecure out, and trust the cluster's CA: /etc/pve/pve-root-ca.pem.",
    ],
  ]);
});

it("cannot judge one of which that is unknown", () => {
  expect(verdict({ providers: [{ ...provider, insecure: UNKNOWN }] })).toEqual([
    ["urn:pve", "cannot judge the TLS of provider pve until insecure is known."],
  ]);
});
