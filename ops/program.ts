import { Command } from "commander";
import type * as beginning from "./begin";
import type * as copies from "./copies";
import { addDriftCommand } from "./drift/commands";
import { addInstallerCommands } from "./installer/commands";
import { addNodeCommands } from "./node/commands";
import type * as preflights from "./preflight/preflight";
import type * as release from "./release/switch";
import type * as remaining from "./remains";
import { addReportCommand } from "./report/commands";
import type * as resuming from "./resume";
import { addReviewCommand } from "./review/commands";
import type * as secrets from "./secrets/secrets";
import { findStack, type Stack } from "./stack";
import type * as summaries from "./summary";
import type * as token from "./token/rotate";

interface Entry {
  /** One word, or a group and a word. */
  name: string;
  description: string;
  /** Switches of its own, and what they mean. */
  switches?: Record<string, string>;
  /** Loads what it needs, which for all commands together would take a second. */
  action(stack: Stack, switches: Record<string, boolean>): void | Promise<void>;
}

const COMMANDS: Entry[] = [
  {
    name: "begin",
    description:
      "what make does before a run: make the lab's stack if it is missing, resume, preflight, tell the state where guests have moved",
    switches: { destroy: "before pulumi destroy, which does nothing to the hosts" },
    action: (stack, switches) => (require("./begin") as typeof beginning).begin(stack, switches),
  },
  {
    name: "resume",
    description:
      "clean up after a run that was cut short: its lock, its processes, its half-done creates",
    action: (stack) => (require("./resume") as typeof resuming).resume(stack),
  },
  {
    name: "preflight",
    description:
      "look at every host, without changing anything: what up will do, and what is in its way",
    switches: { json: "print what was found for programs" },
    action: async (stack, { json = false }) => {
      await (require("./preflight/preflight") as typeof preflights).preflight(stack, { json });
    },
  },
  {
    name: "summary",
    description: "show what the stack has built and where to look at it",
    action: (stack) => (require("./summary") as typeof summaries).summary(stack),
  },
  {
    name: "remains",
    description: "say what pulumi destroy leaves as it is, and what it could not remove",
    action: (stack) => (require("./remains") as typeof remaining).remains(stack),
  },
  {
    name: "copies",
    description:
      "show how old the second copies of backups are; exit code 2 when one is too old, or missing",
    action: (stack) => (require("./copies") as typeof copies).showCopies(stack),
  },
  {
    name: "secrets",
    description:
      "look for secrets that stand in plain text in the stack's state; exit code 1 when there are any",
    action: (stack) => (require("./secrets/secrets") as typeof secrets).checkSecrets(stack),
  },
  {
    name: "token rotate",
    description:
      "make a new secret for the token, note the day, and see that the old one is refused; " +
      "also the remedy when the token was lost or deleted",
    action: (stack) => (require("./token/rotate") as typeof token).rotateToken(stack),
  },
  {
    name: "release switch",
    description:
      "after the upgrade of all nodes from Proxmox VE 8 to 9: take over the HA rules that it has made of the groups",
    action: (stack) => (require("./release/switch") as typeof release).switchRelease(stack),
  },
];

const GROUPS: Record<string, string> = {
  token: "the API token that the stack works with",
  release: "the release of Proxmox VE that the cluster is on",
};

/** The operators' commands. A stack that no file here describes is refused before anything is asked or run. */
export function opsProgram(environment: NodeJS.ProcessEnv, root?: string): Command {
  const program = new Command("ops")
    .description("What operators do besides pulumi preview and pulumi up.")
    .exitOverride();
  const defaultStack = environment.PULUMI_STACK || "dev";
  const groups = new Map(
    Object.entries(GROUPS).map(([name, text]) => [name, program.command(name).description(text)]),
  );
  for (const { name, description, switches = {}, action } of COMMANDS) {
    const words = name.split(" ");
    const parent = groups.get(words.length > 1 ? (words[0] ?? "") : "") ?? program;
    const command = parent
      .command(words.at(-1) ?? "")
      .description(description)
      .option("--stack <name>", "the stack", defaultStack);
    for (const [word, text] of Object.entries(switches)) command.option(`--${word}`, text);
    command.action(({ stack, ...given }: { stack: string; [word: string]: unknown }) =>
      action(findStack(stack, root), given as Record<string, boolean>),
    );
  }
  const find = (name: string): Stack => findStack(name, root);
  addInstallerCommands(program, defaultStack, find);
  addNodeCommands(program, defaultStack, find);
  addReviewCommand(program, defaultStack, find);
  addReportCommand(program, defaultStack, find);
  addDriftCommand(program, defaultStack, find);
  return program;
}
