import { rmSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { OpsError } from "../errors";
import type { Stack } from "../stack";
import type * as answers from "./answerFile";
import type * as machines from "./node";
import type * as preseeds from "./preseed";
import type * as siteFiles from "./siteFile";

interface Medium {
  name: string;
  description: string;
  /** Shown below the options. */
  more: string;
  make(machine: machines.Machine, passwordHash: string): string;
}

const SECRET =
  "The file holds the hash of root's password: with --output only you can read it. The machine that starts from it " +
  "loses what is on its disks. How to make a medium of it: docs/runbooks/first-installation.md";

const MEDIA: Medium[] = [
  {
    name: "answer-file",
    description:
      "write the answer.toml with which Proxmox VE's installer installs a node by itself",
    more:
      "Two or more disks become a mirror of ZFS or Btrfs. The installer has no RAID 1 by mdadm; for that, see preseed.\n\n" +
      SECRET,
    make: (...given) => (require("./answerFile") as typeof answers).answerFile(...given),
  },
  {
    name: "preseed",
    description: "write the preseed with which Debian 13's installer installs a node by itself",
    more:
      "The disks become RAID 1 (mdadm) with /boot, / and swap, and GRUB on each of them; the rest stays free. Proxmox VE " +
      `is installed on it afterwards.\n\n${SECRET}`,
    make: (...given) => (require("./preseed") as typeof preseeds).preseed(...given),
  },
];

/** Adds the commands that write what an installer needs. */
export function addInstallerCommands(
  program: Command,
  defaultStack: string,
  findStack: (name: string) => Stack,
): void {
  for (const { name, description, more, make } of MEDIA) {
    program
      .command(name)
      .description(description)
      .argument("<node>", "the node, as the site file calls it")
      .option("--stack <name>", "the stack", defaultStack)
      .option("--output <file>", "write there, readable by you alone, and not to the terminal")
      .addHelpText("after", `\n${more}`)
      .action(async (node: string, options: { stack: string; output?: string }) => {
        const stack = findStack(options.stack);
        const { machineOf } = require("./node") as typeof machines;
        const { readSiteFile, rootPasswordHash } = require("./siteFile") as typeof siteFiles;
        const siteFile = readSiteFile(stack);
        const machine = machineOf(siteFile.site, node, siteFile.file);
        // What is wrong with the disks is told before a secret is asked for.
        make(machine, `$6$${"x".repeat(20)}`);
        const hash = await rootPasswordHash(stack, siteFile, machine.common.passwordFrom);
        write(make(machine, hash), options.output);
      });
  }
}

function write(text: string, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    // An older file may be open to others; a link may lead elsewhere.
    rmSync(output, { force: true });
    writeFileSync(output, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new OpsError(`${output} cannot be written: ${(error as Error).message}`);
  }
  process.stderr.write(`Wrote ${output}, which only you can read.\n`);
}
