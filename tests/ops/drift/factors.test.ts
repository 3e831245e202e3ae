import { askLogins } from "../../../ops/drift/ask";
import { type Logins, withoutFactor } from "../../../ops/drift/factors";
import { clusterOfTwo } from "../../lab/cluster/support/machines";
import { type Answer, type StandInHost, startHost } from "../../toolchain/launcher/support/node";

const NOW = 1_000_000;
const user = (id: string, more: Partial<Logins["users"][number]> = {}) => ({
  ...{ id, enabled: true, expires: 0 },
  ...more,
});
const LOGINS: Logins = {
  users: [user("root@pam"), user("anna@pve")],
  realms: [
    { id: "pam", type: "pam", demands: false },
    { id: "pve", type: "pve", demands: false },
    { id: "corp.example", type: "ldap", demands: true },
    { id: "login", type: "openid", demands: false },
  ],
  factors: [{ user: "root@pam", on: 1, off: 0 }],
};
const told = (changes: Partial<Logins>, accepted: string[] = []): string[] =>
  withoutFactor({ ...LOGINS, ...changes }, new Set(accepted), NOW).map(
    ({ resource, what }) => `${resource} ${what}`,
  );
const NONE = "logs in with a password alone: there is no second factor";

describe("users without a second factor", () => {
  it("are told with what to do", () => {
    expect(withoutFactor(LOGINS, new Set(), NOW)).toEqual([
      {
        kind: "factor",
        resource: "user/anna@pve",
        what: NONE,
        remedy: expect.stringMatching(
          /TFA.*Two Factor.*Require TFA.*proxmox-ha:unmanaged/,
        ) as string,
      },
    ]);
  });

  it("are told of root too, and of factors that are all switched off", () => {
    const factors = [
      { user: "anna@pve", on: 0, off: 2 },
      { user: "ben@pve", on: 1, off: 1 },
    ];
    expect(told({ factors, users: [...LOGINS.users, user("ben@pve")] })).toEqual([
      `user/root@pam ${NONE}`,
      "user/anna@pve logs in with a password alone: every second factor is switched off",
    ]);
  });

  it.each([
    ["who is disabled", user("ben@pve", { enabled: false })],
    ["whose time is over", user("ben@pve", { expires: NOW - 1 })],
    ["whose realm is gone", user("ben@old")],
    ["whose realm demands one", user("ben@corp.example")],
    ["whom a provider lets in", user("ben@login")],
    ["which is a stack's own", user("proxmox-ha-prod@pve")],
  ])("are not those %s", (_, one) => {
    expect(told({ users: [one] })).toEqual([]);
  });

  it("are told while their time has not come", () => {
    expect(told({ users: [user("ben@pve", { expires: NOW + 1 })] })).toEqual([
      `user/ben@pve ${NONE}`,
    ]);
  });

  it("are not those of whom the file says that they need none", () => {
    expect(told({}, ["user/anna@pve"])).toEqual([]);
    expect(told({}, ["user/ben@pve"])).toEqual([`user/anna@pve ${NONE}`]);
  });
});

describe("a cluster that is asked who may log in", () => {
  let answer: Answer = {};
  let host: StandInHost;
  beforeAll(async () => {
    host = await startHost(() => answer);
  });
  afterAll(() => host.stop());

  it("tells it as the lab does", async () => {
    const lab = await clusterOfTwo();
    await lab.out(
      "pve01",
      `pveum realm add login --type openid --issuer-url https://a.example --client-id b
       pveum realm modify pam --tfa type=oath
       pveum user add anna@pve
       pveum user add ben@login --enable 0 --expire 5
       pvesh create /access/tfa/anna@pve --type recovery`,
    );
    await askLogins(host.connection());
    answer = { stdout: await lab.out("pve01", host.commands.at(-1) ?? "") };
    expect(await askLogins(host.connection())).toEqual({
      users: [
        user("anna@pve"),
        user("ben@login", { enabled: false, expires: 5 }),
        user("root@pam"),
      ],
      realms: [
        { id: "login", type: "openid", demands: false },
        { id: "pam", type: "pam", demands: true },
        { id: "pve", type: "pve", demands: false },
      ],
      factors: [{ user: "anna@pve", on: 1, off: 0 }],
    });
  });

  it.each([[0], ["0"], [false], [""]])("may tell with %j that a factor is off", async (enable) => {
    const entries = [
      { type: "totp", id: "1", enable },
      { type: "totp", id: "2", enable: 1 },
      { type: "recovery", id: "recovery" },
    ];
    const lists = [[], [], [{ userid: "anna@pve", entries }]];
    answer = { stdout: lists.map((list) => JSON.stringify(list)).join("\n--proxmox-ha--\n") };
    const { factors } = await askLogins(host.connection());
    expect(factors).toEqual([{ user: "anna@pve", on: 2, off: 1 }]);
  });

  it("is a failure where it does not tell", async () => {
    answer = { stderr: "ipcc_send_rec failed\n", code: 1 };
    await expect(askLogins(host.connection())).rejects.toThrow(
      "127.0.0.1 does not tell who may log in: ipcc_send_rec failed",
    );
  });
});
