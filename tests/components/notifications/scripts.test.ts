import type { ExecResult } from "just-bash";
import { commandLine, readScript } from "../../../components/scriptText";
import { freshHosts, type Machines } from "../../lab/cluster/support/machines";

/** What the scripts do on a node of the lab. */

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

const MARK = "managed by Pulumi, stack dev";
const SECRET = "it's a secret";

function entry(variables: Record<string, string>, verb = "apply"): Promise<ExecResult> {
  const text = readScript("notifications/entry", ["notifications/parts/secrets"]);
  const all = { MARK, DELETABLE: "", SECRETS: "", TEST: "no", ...variables, HOST: "pve01" };
  return lab.run("pve01", commandLine("notifications/entry", verb), text(all));
}

const settings = (...lines: string[]): string => [...lines, `comment ${MARK}`].join("\n");
const OFFICE = {
  KIND: "smtp",
  NAME: "office",
  PLACE: "endpoints/smtp",
  SETTINGS: settings(
    "server smtp.example.org",
    "mode tls",
    "from-address pve@example.org",
    "mailto a@example.org",
    "mailto b@example.org",
    "username pve",
  ),
  DELETABLE: "disable author mailto-user port",
  SECRETS: `password ${SECRET}`,
  TEST: "yes",
};
const FAILURES = {
  KIND: "matcher",
  NAME: "failures",
  PLACE: "matchers",
  SETTINGS: settings("target office", "match-severity error,warning", "mode all"),
  DELETABLE: "disable invert-match match-calendar match-field",
};
const get = (path: string) => lab.data("pve01", "GET", `/cluster/notifications/${path}`);
const secrets = (): Promise<string> => lab.out("pve01", "cat /etc/pve/priv/notifications.cfg");
const journal = (): Promise<string> => lab.out("pve01", "journalctl -u pvedaemon --no-pager");

describe("a notification target", () => {
  it("is made with its secret, and tested", async () => {
    const { exitCode, stderr } = await entry(OFFICE);
    expect(stderr).toContain("office is set up; a test message is on its way: see that it arrives");
    expect(exitCode).toBe(0);
    expect(await get("endpoints/smtp/office")).toMatchObject({
      server: "smtp.example.org",
      mailto: ["a@example.org", "b@example.org"],
      comment: MARK,
    });
    expect(await secrets()).toContain(`smtp: office\n\tpassword ${SECRET}\n`);
    expect(await journal()).toContain(
      "test notification via target 'office' to smtp.example.org, for a@example.org, b@example.org",
    );
  });

  it("gives its lock and its temporary file back", async () => {
    await entry(OFFICE);
    const left = await lab.out("pve01", "ls /etc/pve/priv /etc/pve/priv/lock");
    expect(left).not.toMatch(/proxmox-ha|file-/);
  });

  it("never has its secret on a command line, nor among what is printed", async () => {
    const { stdout, stderr } = await entry(OFFICE);
    expect(stdout + stderr).not.toContain("secret's");
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it("is changed in place, and loses what is no longer said", async () => {
    await entry({ ...OFFICE, SETTINGS: `${OFFICE.SETTINGS}\nport 4650\ndisable 1`, TEST: "no" });
    expect(await get("endpoints/smtp/office")).toMatchObject({ port: 4650, disable: 1 });
    await entry({ ...OFFICE, SECRETS: "password another" });
    const now = await get("endpoints/smtp/office");
    expect(now).not.toHaveProperty("port");
    expect(now).not.toHaveProperty("disable");
    expect(await secrets()).toContain("smtp: office\n\tpassword another\n");
  });

  it("leaves the secrets of others as they are", async () => {
    const gotify = { name: "phone", server: "https://gotify.example.org", token: "theirs" };
    await lab.data("pve01", "POST", "/cluster/notifications/endpoints/gotify", gotify);
    await entry(OFFICE);
    expect(await secrets()).toContain("gotify: phone\n\ttoken theirs\n");
    await entry(OFFICE, "remove");
    expect(await secrets()).toBe("gotify: phone\n\ttoken theirs\n");
  });

  it("has no stand-in for a token left", async () => {
    const phone = {
      KIND: "gotify",
      NAME: "phone",
      PLACE: "endpoints/gotify",
      SETTINGS: settings("server https://gotify.example.org"),
    };
    await entry({ ...phone, SECRETS: "token ours" });
    expect(await secrets()).toBe("gotify: phone\n\ttoken ours\n");
  });

  it("that cannot be reached fails, with what to do", async () => {
    const SETTINGS = OFFICE.SETTINGS.replace("smtp.example.org", "smtp.invalid");
    const { exitCode, stderr } = await entry({ ...OFFICE, SETTINGS });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "office is set up, but its test message could not be sent: Could not test target: could not notify via endpoint(s): office: Connection error",
    );
    expect(stderr).toContain("or say test: false there to do without");
    expect((await entry({ ...OFFICE, SETTINGS, TEST: "no" })).exitCode).toBe(0);
  });

  it("of somebody else is neither changed nor removed", async () => {
    const theirs = { name: "office", mailto: "c@example.org" };
    await lab.data("pve01", "POST", "/cluster/notifications/endpoints/sendmail", theirs);
    const mine = { ...OFFICE, KIND: "sendmail", PLACE: "endpoints/sendmail", SECRETS: "" };
    const { exitCode, stderr } = await entry(mine);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("office is there already, and not by this stack");
    expect((await entry(mine, "remove")).stderr).toContain("was made by somebody else, and stays");
    expect(await get("endpoints/sendmail/office")).toMatchObject({ mailto: ["c@example.org"] });
  });

  it("keeps its type", async () => {
    await entry(OFFICE);
    const { exitCode, stderr } = await entry({
      ...OFFICE,
      ...{ KIND: "sendmail", PLACE: "endpoints/sendmail", SECRETS: "" },
      SETTINGS: settings("mailto a@example.org"),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("a target keeps its type: name a new one otherwise");
  });

  it("that a matcher still names is not removed, and says who does", async () => {
    await entry(OFFICE);
    await entry(FAILURES);
    const { exitCode, stderr } = await entry(OFFICE, "remove");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("cannot delete 'office', referenced by: failures");
    await entry(FAILURES, "remove");
    expect((await entry(OFFICE, "remove")).stderr).toContain("office is removed");
    expect((await entry(OFFICE, "remove")).stderr).toContain("office is gone");
  });
});

describe("a matcher", () => {
  it("is made, changed and removed", async () => {
    await entry(OFFICE);
    await entry({
      ...FAILURES,
      SETTINGS: `${FAILURES.SETTINGS}\nmatch-field exact:type=vzdump,fencing`,
    });
    expect(await get("matchers/failures")).toMatchObject({
      target: ["office"],
      "match-severity": ["error,warning"],
      "match-field": ["exact:type=vzdump,fencing"],
    });
    await entry(FAILURES);
    expect(await get("matchers/failures")).not.toHaveProperty("match-field");
  });

  it("of Proxmox VE itself is changed, and set back when it goes", async () => {
    const ours = {
      ...FAILURES,
      NAME: "default-matcher",
      SETTINGS: settings("target mail-to-root", "mode all", "disable 1"),
    };
    const origin = async () =>
      (await lab.data<{ origin: string }[]>("pve01", "GET", "/cluster/notifications/matchers"))[0]
        ?.origin;
    await entry(ours);
    expect(await origin()).toBe("modified-builtin");
    await entry(ours, "remove");
    expect(await origin()).toBe("builtin");
  });
});

describe("root's address", () => {
  it("is set, and a message is sent there", async () => {
    const text = readScript("notifications/rootMail");
    const ROOT_MAIL = "root@example.org";
    const { exitCode } = await lab.run(
      "pve01",
      commandLine("notifications/rootMail", "apply"),
      text({ ROOT_MAIL, HOST: "pve01" }),
    );
    expect(exitCode).toBe(0);
    expect(await lab.data("pve01", "GET", "/access/users/root@pam")).toMatchObject({
      email: ROOT_MAIL,
    });
    expect(await journal()).toContain(
      "via target 'mail-to-root' to the node's own mail server, for root@example.org",
    );
  });
});
