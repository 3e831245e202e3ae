import type { Command } from "commander";
import type { Stack } from "../stack";
import type * as removing from "./remove";

const MORE =
  "A node leaves the cluster by this command alone, never because it is taken out of the site file. It has to be off, " +
  "for good as it is, and without guests; what is in the way is told, and nothing is changed then. Safe to run again. " +
  "What comes next: docs/runbooks/replacing-a-dead-node.md";

/** Adds the commands that change who is a member of the cluster. */
export function addNodeCommands(
  program: Command,
  defaultStack: string,
  findStack: (name: string) => Stack,
): void {
  program
    .command("node")
    .description("the nodes of the cluster")
    .command("remove")
    .description("take a node that is off for good out of the cluster")
    .argument("<node>", "the node, as the cluster calls it")
    .option("--stack <name>", "the stack", defaultStack)
    .option(
      "--powered-off",
      "you have seen that the machine is off, and it never comes up again with its old disks",
    )
    .addHelpText("after", `\n${MORE}`)
    .action(async (node: string, options: { stack: string; poweredOff?: true }) => {
      const stack = findStack(options.stack);
      const { removeNode } = require("./remove") as typeof removing;
      await removeNode(stack, node, options.poweredOff ?? false);
    });
}
