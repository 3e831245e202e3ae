import type { Fragment } from "./fragment";

interface Entry {
  name: string;
  origin: string;
  type?: string;
}

const FILE = "/etc/pve/priv/notifications.cfg";

const SECRETS = {
  mailPassword: "pa55 word's",
  gotifyToken: "AgotifyT0ken",
  hookToken: "Ahook:T0ken",
};

export const notifications: Fragment = {
  created: {
    notifications: {
      rootMail: "root@example.org",
      targets: {
        office: {
          type: "smtp",
          server: "smtp.example.org",
          username: "pve",
          passwordFrom: "mailPassword",
          from: "pve@example.org",
          to: ["admin@example.org", "boss@example.org"],
        },
        phone: { type: "gotify", server: "https://gotify.example.org", tokenFrom: "gotifyToken" },
        chat: {
          type: "webhook",
          url: "https://chat.example.org/hooks/{{ secrets.token }}",
          headers: { "Content-Type": "application/json" },
          body: '{ "text": "{{ escape title }}" }',
          secrets: { token: { valueFrom: "hookToken" } },
        },
        local: { type: "sendmail", users: ["root@pam"] },
      },
      matchers: {
        failures: { targets: ["office", "phone"], severities: ["warning", "error"] },
        backups: { targets: ["chat"], fields: { type: ["vzdump"] } },
      },
    },
  },
  changed: {
    notifications: {
      rootMail: "root@example.net",
      targets: {
        office: { server: "smtp.example.net", port: 4650, to: ["admin@example.org"] },
        phone: { comment: "Of whoever is on duty." },
        chat: { headers: { "X-Site": "mizar" } },
        local: { enabled: false },
      },
      matchers: { failures: { severities: ["error"] }, backups: { enabled: false } },
    },
  },
  secrets: SECRETS,
  async check(step, lab) {
    const list = async (what: string): Promise<Entry[]> =>
      (await lab.api("pve02", "GET", `/cluster/notifications/${what}`)).data as Entry[];
    const made = (entries: Entry[]): string[] =>
      entries
        .filter(({ origin }) => origin === "user-created")
        .map(({ name }) => name)
        .sort();
    const removed = step === "removed";
    expect(made(await list("targets"))).toEqual(
      removed ? [] : ["chat", "local", "office", "phone"],
    );
    expect(made(await list("matchers"))).toEqual(removed ? [] : ["backups", "failures"]);
    const kept = lab.out("pve02", `if [ -e ${FILE} ]; then cat ${FILE}; fi`);
    const log = lab.out("pve01", "journalctl -u pvedaemon --no-pager");
    const { data } = await lab.api("pve01", "GET", "/access/users/root@pam");
    const first = step === "created";
    expect(data).toMatchObject({ email: first ? "root@example.org" : "root@example.net" });
    if (removed) {
      expect(kept).not.toContain("office");
      return;
    }
    const hook = Buffer.from(SECRETS.hookToken).toString("base64");
    expect(kept).toContain(`smtp: office\n\tpassword ${SECRETS.mailPassword}`);
    expect(kept).toContain(`gotify: phone\n\ttoken ${SECRETS.gotifyToken}`);
    expect(kept).toContain(`webhook: chat\n\tsecret name=token,value=${hook}`);
    const office = await lab.api("pve01", "GET", "/cluster/notifications/endpoints/smtp/office");
    expect(office.data).toMatchObject(
      first
        ? { server: "smtp.example.org", mailto: ["admin@example.org", "boss@example.org"] }
        : { server: "smtp.example.net", mailto: ["admin@example.org"], port: 4650 },
    );
    const failures = await lab.api("pve01", "GET", "/cluster/notifications/matchers/failures");
    expect(failures.data).toMatchObject({
      "match-severity": [first ? "error,warning" : "error"],
      target: ["office", "phone"],
    });
    expect(log).toContain(`via target 'office' to smtp.example.${first ? "org" : "net"}`);
    expect(log).toContain("via target 'chat' to chat.example.org");
  },
};
