import { commandLine, readScript } from "../../../components/scriptText";
import { freshHosts, type Machines } from "../cluster/support/machines";

/** The whole bootstrap is gone through in tests/bootstrap; this is what comes after it. */
function step(
  lab: Machines,
  script: string,
  variables: Record<string, string> = {},
  words: string[] = [],
): Promise<string> {
  const parts = script === "access/account" ? ["accounts/parts/pveum"] : [];
  const text = readScript(script, parts)({ ...variables, HOST: "pve01" });
  return lab.out("pve01", commandLine(script, "apply", words), text);
}

describe("the stack's scripts on the lab's hosts", () => {
  it("make the automation's user and its token, whose secret goes to standard output alone", async () => {
    const lab = await freshHosts();
    await step(lab, "access/account", {
      ACCOUNT: "pulumi@pve",
      ROLE: "Automation",
      PRIVILEGES: "VM.Audit,Sys.Audit",
    });
    const token = await step(lab, "access/token", {}, ["pulumi@pve", "dev", "Automation", "1"]);
    const [, secret] = /^pulumi@pve!dev=(\S+)\n$/.exec(token) ?? [];
    expect(lab.site.pmxcfs("pve01").users["pulumi@pve"]?.tokens.dev?.secret).toBe(secret);
    const authorization = `PVEAPIToken=${token.trim()}`;
    const { status } = await lab.api("pve01", "GET", "/cluster/status", {}, { authorization });
    expect(status).toBe(200);
  });

  it("give it no rights over accounts, not even over its own role", async () => {
    const lab = await freshHosts();
    const account = { ACCOUNT: "pulumi@pve", ROLE: "Automation", PRIVILEGES: "Sys.Modify" };
    await step(lab, "access/account", account);
    const token = await step(lab, "access/token", {}, ["pulumi@pve", "dev", "Automation", "1"]);
    const authorization = `PVEAPIToken=${token.trim()}`;
    const more = { privs: "Permissions.Modify,Sys.Modify" };
    const asked = await lab.api("pve01", "PUT", "/access/roles/Automation", more, {
      authorization,
    });
    expect(asked.status).toBe(403);
    const elsewhere = await lab.api(
      "pve01",
      "PUT",
      "/cluster/options",
      { keyboard: "de" },
      { authorization },
    );
    expect(elsewhere.status).toBe(200);
  });
});
