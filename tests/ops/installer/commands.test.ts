import { readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import { opsProgram } from "../../../ops/program";
import { type Changes, ROOT, siteWith } from "../../components/support/site";
import { printed } from "../../toolchain/launcher/support/output";
import { Project } from "../../toolchain/launcher/support/project";
import { HASH, READY } from "./support";

let project: Project;
beforeEach(() => {
  project = new Project();
  describeSite({});
  project.answer({ "config get": { stdout: `${HASH}\n` } });
});
afterEach(() => project.dispose());

const SECRET = { secure: "v1:AAAA:BBBB" };

/** The stack dev: the reference site, ready for media, with changes; without the secret where it is null. */
function describeSite(changes: Changes, password: unknown = SECRET): void {
  const site = siteWith({ ...structuredClone(READY), ...changes });
  const config = {
    "proxmox-ha:lab": "true",
    "proxmox-ha:site": site,
    ...(password === null ? {} : { "proxmox-ha:rootPasswordHash": password }),
  };
  project.write("Pulumi.dev.yaml", stringify({ config }));
}

interface Outcome {
  stdout: string;
  stderr: string;
  message: string;
}

async function ops(line: string): Promise<Outcome> {
  const program = opsProgram({}, project.root);
  let help = "";
  const catchAll = (command: Command): void => {
    const write = (words: string): void => void (help += words);
    command.configureOutput({ writeOut: write, writeErr: write });
    command.commands.forEach(catchAll);
  };
  catchAll(program);
  let message = "";
  let stdout = "";
  const stderr = await printed(process.stderr, async () => {
    stdout = await printed(process.stdout, () =>
      program.parseAsync(line.split(" "), { from: "user" }).catch((error: Error) => {
        message = error.message;
      }),
    );
  });
  return { stdout: stdout + help, stderr, message };
}

const COMMANDS = [
  ["answer-file", "# Installs Proxmox VE on pve01"],
  ["preseed", "# Installs Debian 13 on pve01"],
] as const;

describe.each(COMMANDS)("ops %s", (command, start) => {
  it("writes the file to the terminal's output and nothing besides", async () => {
    const { stdout, stderr, message } = await ops(`${command} pve01`);
    expect(message).toBe("");
    expect(stdout.startsWith(start)).toBe(true);
    expect(stdout).toContain(HASH);
    expect(stderr).toBe("");
    expect(project.calls()).toEqual(["config get rootPasswordHash --stack dev"]);
  });

  it("writes a file that only its owner reads, also over one that others can read", async () => {
    project.write("medium", "old", 0o644);
    const output = project.path("medium");
    const { stdout, stderr } = await ops(`${command} pve01 --output ${output}`);
    expect(stdout).toBe("");
    expect(stderr).toBe(`Wrote ${output}, which only you can read.\n`);
    expect(statSync(output).mode & 0o777).toBe(0o600);
    expect(project.read("medium").startsWith(start)).toBe(true);
  });

  it("replaces a link, not what it points at", async () => {
    project.write("other", "untouched");
    symlinkSync(project.path("other"), project.path("medium"));
    await ops(`${command} pve01 --output ${project.path("medium")}`);
    expect(project.read("other")).toBe("untouched");
    expect(project.read("medium").startsWith(start)).toBe(true);
  });

  it("says where it cannot write", async () => {
    const output = project.path("no/such/folder");
    const { message } = await ops(`${command} pve01 --output ${output}`);
    expect(message).toMatch(`${output} cannot be written: ENOENT`);
  });

  it("refuses a node that the site does not have, and names those that it has", async () => {
    const { stdout, message } = await ops(`${command} pve03`);
    expect(stdout).toBe("");
    expect(message).toBe('Pulumi.dev.yaml has no node "pve03"; its nodes are pve01, pve02.');
  });

  it("names everything that the site file lacks at once, each with an example", async () => {
    describeSite({
      "network.gateway": undefined,
      "network.dns": undefined,
      "cluster.installation": undefined,
    });
    const { message } = await ops(`${command} pve02`);
    expect(message.split("\n")).toEqual([
      "Pulumi.dev.yaml does not say enough to install pve02. Missing, each with an example:",
      "  site.network.gateway: 192.168.18.1",
      "  site.network.dns: 192.168.18.1",
      expect.stringMatching(
        /^ {2}site\.cluster\.installation: \{ domain: example\.org, country: de,/,
      ),
      "  site.nodes.pve02.installation: { disks: [sda, sdb], device: enp3s0, rootSize: 50 GiB }",
    ]);
    expect(project.calls()).toEqual([]);
  });

  it("refuses a file with other problems in the words of an update", async () => {
    describeSite({ "cluster.founder": "pve09" });
    expect((await ops(`${command} pve01`)).message).toBe(
      "Pulumi.dev.yaml has 1 problem:\n" +
        '  site.cluster.founder: there is no node "pve09"; nodes has pve01, pve02',
    );
  });

  it.each(["", "config: {}\n"])("refuses a file that describes no site: %j", async (text) => {
    project.write("Pulumi.dev.yaml", text);
    expect((await ops(`${command} pve01`)).message).toBe(
      "Pulumi.dev.yaml has 1 problem:\n  site: missing; write a mapping, as in { name: value }",
    );
  });

  it("says what is wrong with the disks before it asks for a secret", async () => {
    describeSite({
      "nodes.pve01.installation.disks": ["sda"],
      "nodes.pve01.installation.filesystem": "zfs",
    });
    expect((await ops(`${command} pve01`)).message).toMatch(/\.disks names one disk/);
    expect(project.calls()).toEqual([]);
  });

  const REMEDY =
    "Set it: openssl passwd -6 | pulumi config set --secret rootPasswordHash --stack dev (openssl asks for the password twice).";

  it.each([
    ["is missing", null, /^Pulumi\.dev\.yaml: the secret rootPasswordHash, .* is missing\. /],
    [
      "stands in plain text",
      HASH,
      /^Pulumi\.dev\.yaml: rootPasswordHash stands there in plain text\. /,
    ],
  ])("does not go without the hash that %s", async (_what, password, words) => {
    describeSite({}, password);
    const { stdout, message } = await ops(`${command} pve01`);
    expect(stdout).toBe("");
    expect(message).toMatch(words);
    expect(message).toContain(REMEDY);
    expect(message).not.toContain(HASH);
    expect(project.calls()).toEqual([]);
  });

  it.each(["secret", "$1$old$7vqPqcbzBmqz8LkrZ2kAk/", ""])(
    "refuses the password itself, and a weak hash, without repeating it: %j",
    async (value) => {
      project.answer({ "config get": { stdout: `${value}\n` } });
      const { stdout, stderr, message } = await ops(`${command} pve01`);
      expect(message).toBe(
        `Pulumi.dev.yaml: rootPasswordHash is not the hash of a password. ${REMEDY}`,
      );
      expect(stdout + stderr).toBe("");
    },
  );

  it("has a help text that names the file's secret and the runbook", async () => {
    const { stdout } = await ops(`${command} --help`);
    expect(stdout).toContain(`Usage: ops ${command} [options] <node>`);
    expect(stdout).toContain('--stack <name>   the stack (default: "dev")');
    expect(stdout).toContain("hash of root's password");
    const [runbook = ""] = /docs\/runbooks\/[\w-]+\.md/.exec(stdout) ?? [];
    expect(readFileSync(join(ROOT, runbook), "utf8")).toContain(`npm run -s ops -- ${command}`);
  });

  it("needs a node", async () => {
    expect((await ops(command)).message).toBe("error: missing required argument 'node'");
  });
});
