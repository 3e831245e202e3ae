import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidRootAccount } from "../../../policy/rules/forbidRootAccount";
import { account, judge, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidRootAccount, site(changes), config);

const provider = { urn: "urn:pve", name: "pve", account: "proxmox-ha-dev@pve", insecure: false };
const token = account();

const REMEDY =
  "whoever gets hold of it owns every node. Use a user of its own with a role that has just the privileges needed.";

describe("an account is taken", () => {
  it("of its own", () => {
    expect(verdict()).toEqual([]);
  });

  it("whose token is unknown because this program makes it, and that is not root's", () => {
    expect(verdict({ providers: [{ ...provider, account: UNKNOWN }] })).toEqual([]);
  });
});

describe("an account is refused", () => {
  it("of root, at the provider and at a token", () => {
    expect(
      verdict({
        providers: [{ ...provider, account: "root@pam" }],
        accounts: [{ ...token, user: "root@pam" }],
      }),
    ).toEqual([
      ["urn:pve", `provider pve belongs to root@pam: ${REMEDY}`],
      ["urn:pulumi-dev", `token pulumi-dev belongs to root@pam: ${REMEDY}`],
    ]);
  });

  it.each([UNKNOWN, undefined] as const)("that cannot be judged: %s", (account) => {
    expect(verdict({ providers: [{ ...provider, account }], accounts: [] })).toEqual([
      [
        "urn:pve",
        "cannot judge the account of provider pve until its apiToken or username is known.",
      ],
    ]);
    expect(verdict({ accounts: [{ ...token, user: UNKNOWN }] })).toEqual([
      ["urn:pulumi-dev", "cannot judge the account of token pulumi-dev until its user is known."],
    ]);
  });
});
