import { leftOverProcesses, stopProcesses } from "../../ops/leftovers";
import { processes, until } from "../toolchain/command/support/processes";
import { Project } from "../toolchain/launcher/support/project";
import { endAll, start, startingChild } from "./support/processes";

const project = new Project();
const clone = { PROXMOX_HA_ROOT: project.root };
afterEach(async () => {
  await endAll();
  // Children of those that have just ended.
  await stopProcesses(leftOverProcesses(project.root), 0);
  await until(() => leftOverProcesses(project.root).length === 0);
});
afterAll(() => project.dispose());

const found = () => leftOverProcesses(project.root);
const PLUGIN = "/home/plugins/resource-proxmoxve-v8.6.0/pulumi-resource-proxmoxve";

describe("what a killed run has left over", () => {
  it("is nothing where nothing runs", () => {
    expect(found()).toEqual([]);
  });

  it.each([
    [PLUGIN, "pulumi-resource-proxmoxve"],
    ["pulumi-language-nodejs", "pulumi-language-nodejs"],
  ])("is %s by its program", async (name, told) => {
    const { pid } = await start(name, clone);
    expect(found()).toEqual([expect.objectContaining({ pid, name: told })]);
  });

  it.each([
    [
      "/home/plugins/resource-command-v1.2.1/pulumi-resource-command.cjs",
      "pulumi-resource-command",
    ],
    ["/home/bin/pulumi-analyzer-policy", "pulumi-analyzer-policy"],
    ["/home/bin/runPolicyPack.cjs", "program"],
    ["/home/bin/runProgram.cjs", "program"],
    ["/clone/node_modules/@pulumi/pulumi/cmd/run/index.js", "program"],
  ])("is a script that an interpreter runs: %s", async (script, told) => {
    const { pid } = await start("/usr/bin/node", clone, "", [script]);
    expect(found()).toEqual([expect.objectContaining({ pid, name: told })]);
  });

  it("is nothing of another clone, whose path may begin like ours", async () => {
    await start(PLUGIN, { PROXMOX_HA_ROOT: `${project.root}2` });
    await start(PLUGIN, {});
    expect(found()).toEqual([]);
  });

  it.each(["/home/bin/pulumi", "/opt/pulumi/pulumi", "pulumi"])(
    "is nothing as long as its CLI lives (%s)",
    async (cli) => {
      await start(cli, clone, startingChild(PLUGIN));
      expect(found()).toEqual([]);
    },
  );

  it("is no helper of a helper either, as long as the CLI lives", async () => {
    const language = startingChild("pulumi-language-nodejs", startingChild(PLUGIN));
    const cli = await start("/home/bin/pulumi", clone, language);
    await until(() => processes().some(({ parent }) => parent === Number(cli.line)));
    expect(found()).toEqual([]);
  });

  it("is the helper whose CLI was killed", async () => {
    const cli = await start("/home/bin/pulumi", clone, startingChild(PLUGIN));
    process.kill(cli.pid, "SIGKILL");
    await cli.ended;
    expect(found().map(({ pid }) => pid)).toEqual([Number(cli.line)]);
  });

  it("is never an operator's shell or editor that has the same variables", async () => {
    await start("/usr/bin/vim", clone, "", ["/home/bin/pulumi-resource-proxmoxve"]);
    await start("/bin/grep", clone, "", ["pulumi-language-nodejs", "runPolicyPack.cjs"]);
    await start("/usr/bin/node", clone, "", ["log-of-pulumi-resource-command.txt"]);
    expect(found()).toEqual([]);
  });
});

describe("processes that are left over", () => {
  it("are asked to end", async () => {
    const helper = await start(PLUGIN, clone, 'process.on("SIGTERM", () => process.exit(7))');
    await stopProcesses(found());
    expect(await helper.ended).toBe(7);
  });

  it("are killed when they do not", async () => {
    const helper = await start(PLUGIN, clone, 'process.on("SIGTERM", () => {})');
    await stopProcesses(found(), 200);
    expect(await helper.ended).toBeNull();
    await until(() => found().length === 0);
  });

  it("may have ended by themselves", async () => {
    const helper = await start(PLUGIN, clone);
    const left = found();
    process.kill(helper.pid, "SIGKILL");
    await helper.ended;
    await expect(stopProcesses(left, 200)).resolves.toBeUndefined();
  });
});
