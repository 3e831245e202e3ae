import { Host } from "../support/host";
import { BEFORE, STEPS } from "../support/steps";

describe("the step authority", () => {
  it("prints the certificate and nothing else", async () => {
    const host = new Host(BEFORE.authority);
    const { code, stdout, calls } = await host.run(STEPS.authority);
    host.remove();
    expect({ code, stdout }).toEqual({ code: 0, stdout: "-----BEGIN CERTIFICATE-----\nMIIF\n" });
    expect(calls.map(([name]) => name)).toEqual([]);
  });

  it.each([
    ["there is none", {}],
    ["it is empty", { "etc/pve/pve-root-ca.pem": "" }],
  ])("stops where %s", async (_, files) => {
    const host = new Host(files);
    const { code, stdout, stderr } = await host.run(STEPS.authority);
    host.remove();
    expect(stderr).toContain(
      "pve01: step cluster-authority failed: there is no certificate in /etc/pve/pve-root-ca.pem\n" +
        "  What to do: look at: systemctl status pve-cluster; if that runs, make it: pvecm updatecerts\n",
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});
