import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { startHost } from "./support/node";
import { DEV, Project } from "./support/project";
import { members, report, urnOf } from "./support/reports";

const SOURCE = resolve(__dirname, "../../..");

/** A clone with a blank in its path, and our `pulumi` in it. */
const project = new Project();
const clone = "it's a clone";
mkdirSync(project.path(`${clone}/toolchain/bin`), { recursive: true });
copyFileSync(`${SOURCE}/toolchain/bin/pulumi`, project.path(`${clone}/toolchain/bin/pulumi`));
cpSync(`${SOURCE}/toolchain/launcher`, project.path(`${clone}/toolchain/launcher`), {
  recursive: true,
});
symlinkSync(`${SOURCE}/node_modules`, project.path(`${clone}/node_modules`));
afterAll(() => project.dispose());

const pulumi = (args: string[]) =>
  spawnSync(project.path(`${clone}/toolchain/bin/pulumi`), args, {
    encoding: "utf8",
    cwd: project.root,
    env: { PATH: process.env.PATH ?? "", PULUMI_STACK: "dev" },
  });

/** As `pulumi`, while this process goes on to answer as a node. */
function pulumiMeanwhile(args: string[]): Promise<{ stdout: string; stderr: string }> {
  const options = { cwd: project.root, env: { PATH: process.env.PATH ?? "", PULUMI_STACK: "dev" } };
  return new Promise((resolve) => {
    execFile(
      project.path(`${clone}/toolchain/bin/pulumi`),
      args,
      options,
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
}

/** Writes each argument and some variables on a line of their own, and ends with 3. */
const CLI = `#!/bin/sh
printf '<%s>\\n' "$PROXMOX_HA_ROOT" "$@"
echo "to standard error" >&2
exit 3
`;

describe("our pulumi", () => {
  it("says in one sentence that the tools are not built, and runs nothing", () => {
    const { status, stdout, stderr } = pulumi(["version"]);
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: "The tools are not built yet. Build them: make toolchain\n",
    });
  });

  it("says so as well where not even the packages are installed", () => {
    const bare = "bare/toolchain/bin";
    mkdirSync(project.path(bare), { recursive: true });
    copyFileSync(`${SOURCE}/toolchain/bin/pulumi`, project.path(`${bare}/pulumi`));
    const { status, stderr } = spawnSync(project.path(`${bare}/pulumi`), ["up"], {
      encoding: "utf8",
    });
    expect(stderr).toBe("The tools are not built yet. Build them: make toolchain\n");
    expect(status).toBe(1);
  });

  it("becomes the CLI: odd arguments, output and exit code pass through", () => {
    project.write("cli", CLI, 0o755);
    const tools = { cli: project.path("cli"), path: [] };
    project.write(`${clone}/.stamps/toolchain.json`, JSON.stringify(tools));
    const odd = ["config", "set", "it's", "$HOME `id` \\", "", "a  b\nc", '"*"', "-m=ü"];
    const { status, stdout, stderr } = pulumi(odd);
    expect(stdout).toBe([project.path(clone), ...odd].map((text) => `<${text}>\n`).join(""));
    expect(stderr).toBe("to standard error\n");
    expect(status).toBe(3);
  });

  it("passes no argument on where there is none", () => {
    expect(pulumi([]).stdout).toBe(`<${project.path(clone)}>\n`);
  });

  it("says what it leaves out, and passes that on to the CLI", async () => {
    const node = await startHost(() => ({ stdout: report({ members: members(true, false) }) }));
    const away = new Project();
    away.lab({ pve01: node });
    cpSync(away.path(".lab"), project.path(`${clone}/.lab`), { recursive: true });
    project.write(`${clone}/Pulumi.dev.yaml`, DEV);
    const { stdout, stderr } = await pulumiMeanwhile(["preview"]);
    expect(stderr).toBe(
      "pve02 does not answer, so win2016 (VMID 100) is left out of this run.\nto standard error\n",
    );
    expect(stdout).toContain(`<--exclude>\n<${urnOf("win2016")}>`);
    rmSync(project.path(`${clone}/.lab`), { recursive: true });
    away.dispose();
    await node.stop();
  });

  it("says in one sentence what keeps it from the site", () => {
    project.write(`${clone}/Pulumi.dev.yaml`, 'config: { proxmox-ha:lab: "true" }\n');
    expect(pulumi(["up"])).toMatchObject({
      status: 1,
      stdout: "",
      stderr: "There is no lab yet. Start it: npm run -s lab -- start\n",
    });
  });
});
