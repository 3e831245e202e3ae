import { isSilent, planNotifications } from "../../../components/notifications/plan";
import { reversed, site } from "../support/site";

const CHANGES = {
  notifications: {
    rootMail: "root@example.org",
    targets: {
      office: {
        type: "smtp",
        server: "smtp.example.org",
        username: "pve",
        passwordFrom: "mailPassword",
        from: "pve@example.org",
        to: ["b@example.org", "a@example.org"],
        comment: "The office",
      },
      chat: {
        type: "webhook",
        url: "https://chat.example.org/{{ secrets.token }}",
        headers: { "X-B": "2", "X-A": "1" },
        body: "{{ title }}",
        secrets: { token: { valueFrom: "hookToken" }, key: { valueFrom: "hookKey" } },
      },
      phone: { type: "gotify", server: "https://gotify.example.org", tokenFrom: "gotifyToken" },
      local: { type: "sendmail", users: ["root@pam"], enabled: false },
    },
    matchers: {
      failures: { targets: ["phone", "office"], severities: ["warning", "error"] },
      backups: {
        targets: ["chat"],
        fields: { type: ["vzdump", "fencing"], hostname: ["pve01"] },
        hours: "mon..fri 8-17",
        invert: true,
        enabled: false,
      },
      any: { targets: ["chat"], fields: { type: ["vzdump"] }, severities: ["error"], mode: "any" },
    },
  },
};
const plan = planNotifications(site(CHANGES), "dev");
const target = (name: string) => plan.targets.find((one) => one.name === name);
const matcher = (name: string) => plan.matchers.find((one) => one.name === name);
const MARK = "managed by Pulumi, stack dev";

describe("notifications", () => {
  it("are nobody's where the site file says nothing", () => {
    expect(isSilent(planNotifications(site(), "dev"))).toBe(true);
    expect(isSilent(plan)).toBe(false);
  });

  it("go to a mail server", () => {
    expect(target("office")).toEqual({
      name: "office",
      type: "smtp",
      place: "endpoints/smtp",
      settings: [
        ["server", "smtp.example.org"],
        ["mode", "tls"],
        ["from-address", "pve@example.org"],
        ["username", "pve"],
        ["mailto", "a@example.org"],
        ["mailto", "b@example.org"],
        ["comment", `The office (${MARK})`],
      ],
      deletable: ["disable", "author", "mailto", "mailto-user", "port", "username"],
      enabled: true,
      test: true,
      secrets: [{ key: "password", from: "mailPassword" }],
    });
  });

  it("go to a webhook, its texts in base64", () => {
    expect(target("chat")).toMatchObject({
      settings: [
        ["url", "https://chat.example.org/{{ secrets.token }}"],
        ["method", "post"],
        ["header", "name=X-A,value=MQ=="],
        ["header", "name=X-B,value=Mg=="],
        ["body", "e3sgdGl0bGUgfX0="],
        ["comment", MARK],
      ],
      secrets: [
        { key: "secret", name: "key", from: "hookKey" },
        { key: "secret", name: "token", from: "hookToken" },
      ],
    });
  });

  it("go to Gotify, and to the node's own mail server, untested where that is off", () => {
    expect(target("phone")?.secrets).toEqual([{ key: "token", from: "gotifyToken" }]);
    expect(target("local")).toMatchObject({
      settings: [
        ["mailto-user", "root@pam"],
        ["comment", MARK],
        ["disable", "1"],
      ],
      test: false,
      secrets: [],
    });
  });

  it("are matched by severities in one value, as several would all have to fit at a time", () => {
    expect(matcher("failures")).toMatchObject({
      settings: [
        ["target", "office"],
        ["target", "phone"],
        ["match-severity", "error,warning"],
        ["mode", "all"],
        ["comment", MARK],
      ],
      targets: ["office", "phone"],
      severities: ["error", "warning"],
      narrow: false,
    });
  });

  it("are matched by fields and hours", () => {
    expect(matcher("backups")).toMatchObject({
      settings: [
        ["target", "chat"],
        ["match-field", "exact:hostname=pve01"],
        ["match-field", "exact:type=fencing,vzdump"],
        ["match-calendar", "mon..fri 8-17"],
        ["mode", "all"],
        ["invert-match", "1"],
        ["comment", MARK],
        ["disable", "1"],
      ],
      narrow: true,
    });
    expect(matcher("any")?.narrow).toBe(false);
  });

  it("are the same whatever the order in the file", () => {
    expect(planNotifications(site(reversed(CHANGES)), "dev")).toEqual(plan);
  });
});
