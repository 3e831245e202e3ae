import { OpsError } from "../../../ops/errors";
import { checkSecrets } from "../../../ops/secrets/secrets";
import { printed } from "../../toolchain/launcher/support/output";
import { Project } from "../../toolchain/launcher/support/project";
import { checkpoint, dev, resource } from "../support/site";

let project: Project;
beforeEach(() => (project = new Project()));
afterEach(() => project.dispose());

const VM = "proxmoxve:index/vmLegacy:VmLegacy";
const check = async (...args: Parameters<typeof checkpoint>) => {
  project.answer({ "stack export": { stdout: JSON.stringify(checkpoint(...args)) } });
  return printed(process.stdout, () => checkSecrets(dev(project)));
};

describe("a look for secrets", () => {
  it("says how many resources it has looked at, and never has secrets shown", async () => {
    expect(await check([resource(VM, "win2016"), resource(VM, "ubuntu")])).toBe(
      "No secret stands in plain text in the state of stack dev: 2 resources looked at.\n",
    );
    expect(project.calls()).toEqual(["stack export --stack dev"]);
  });

  it("names resource and property, and never the value", async () => {
    const state = [resource(VM, "win2016", { password: "hunter2" }), resource(VM, "ubuntu")];
    await expect(check(state)).rejects.toThrow(
      new OpsError(
        "1 value stands in plain text in the state of stack dev, for everybody who may read it:\n" +
          "  win2016 (proxmoxve:index/vmLegacy:VmLegacy): inputs.password looks like a secret by its name, password\n" +
          "Make each of them a secret in the program (pulumi.secret, config.requireSecret, additionalSecretOutputs) and run " +
          "pulumi up. What was once readable there is to be changed as well: older states keep it.",
      ),
    );
  });

  it("looks at what a run was doing when it was cut short", async () => {
    const pending = [
      { type: "creating", resource: resource(VM, "db", { password: "a", token: "b" }) },
    ];
    await expect(check([], pending)).rejects.toThrow(/^2 values stand in plain text/);
  });

  it("is refused where there is no state", async () => {
    project.answer({ "stack export": { stderr: "error: no stack named 'dev' found", code: 255 } });
    await expect(checkSecrets(dev(project))).rejects.toThrow(
      "Stack dev has no state yet: there is nothing to look at.",
    );
  });
});
