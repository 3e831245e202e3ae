import { OpsError } from "../../ops/errors";
import { ensureStack, findStack } from "../../ops/stack";
import { LauncherError } from "../../toolchain/launcher/errors";
import { DEV, Project } from "../toolchain/launcher/support/project";
import { checkpoint, dev } from "./support/site";

let project: Project;
beforeEach(() => {
  project = new Project();
  project.write("Pulumi.prod.yaml", DEV.replace('lab: "true"', 'protect: "true"'));
});
afterEach(() => project.dispose());

const MISSING = { stderr: "error: no stack named 'dev' found", code: 255 };

describe("a stack", () => {
  it.each(["dev", "prod", "organization/proxmox-ha/dev"])("that is called %s is found", (name) => {
    expect(findStack(name, project.root)).toEqual({ name, root: project.root });
  });

  it.each(["nope", "", "de v", "dev/", "../../etc/passwd", "dev.yaml"])(
    "that is called %j is refused in one sentence",
    (name) => {
      expect(() => findStack(name, project.root)).toThrow(LauncherError);
      expect(() => findStack(name, project.root)).toThrow(/^There is no Pulumi\..*\.$/);
    },
  );

  it("that exists is left as it is", async () => {
    project.answer({ "stack export": { stdout: JSON.stringify(checkpoint([])) } });
    await ensureStack(dev(project));
    expect(project.calls()).toEqual(["stack export --stack dev"]);
  });

  it("of the lab is made in the clone's backend", async () => {
    project.answer({ "stack export": MISSING });
    await ensureStack(dev(project));
    expect(project.calls()).toEqual(["stack export --stack dev", "stack init dev"]);
    expect(project.environmentOf("stack")).toMatchObject({
      PULUMI_BACKEND_URL: `file://${project.path(".state")}`,
      PULUMI_CONFIG_PASSPHRASE: "lab",
      PULUMI_STACK: "dev",
    });
  });

  it("of a real site is its team's to make: it is told how, and nothing is made", async () => {
    project.answer({ "stack export": MISSING });
    const made = ensureStack({ name: "prod", root: project.root });
    await expect(made).rejects.toThrow(OpsError);
    await expect(made).rejects.toThrow(
      "Stack prod is not in your backend yet. Choose the backend (PULUMI_BACKEND_URL or pulumi login) and make it: " +
        "pulumi stack init prod",
    );
    expect(project.calls()).toEqual(["stack export --stack prod"]);
    expect(project.environmentOf("stack")).not.toHaveProperty("PULUMI_BACKEND_URL");
  });

  it("of a real site needs a backend that its team has chosen", async () => {
    const stderr =
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions";
    project.answer({ "stack export": { stderr, code: 255 } });
    await expect(ensureStack({ name: "prod", root: project.root })).rejects.toThrow(
      /^Where is the state of stack prod\? Choose its backend: set PULUMI_BACKEND_URL, or run pulumi login\.$/,
    );
  });

  it("whose backend cannot be asked is not made", async () => {
    project.answer({ "stack export": { stderr: "error: could not reach it", code: 255 } });
    await expect(ensureStack(dev(project))).rejects.toThrow("error: could not reach it");
    expect(project.calls()).toHaveLength(1);
  });
});
