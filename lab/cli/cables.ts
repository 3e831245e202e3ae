import type { Command } from "commander";
import { LabError, labPaths, oneOf, say } from "./cli";
import { control, labPath } from "./client";

export function cableCommands(program: Command): void {
  program
    .command("cable <words...>")
    .usage("<host> [other] unplug|plug")
    .description(
      "pull a host's plug or put it back, or cut the way between two: cable pve01 nas unplug",
    )
    .action(async (words: string[], _options, command: Command) => {
      const word = words.at(-1) ?? "";
      const hosts = words.slice(0, -1);
      const [host, other] = hosts;
      if (host === undefined || hosts.length > 2) {
        throw new LabError("name one host or two: cable pve01 unplug, cable pve01 nas unplug");
      }
      const connected = oneOf("what to do with a cable", word, "plug", "unplug") === "plug";
      const path =
        other === undefined ? labPath("hosts", host, "cable") : labPath("cables", host, other);
      await control(labPaths(command), "PUT", path, { connected });
      const between = other === undefined ? `${host}'s plug` : `the way from ${host} to ${other}`;
      const state = other === undefined ? ["in", "out"] : ["open", "cut"];
      say(`${between} is ${connected ? state[0] : state[1]}`);
    });
  program
    .command("partition <groups...>")
    .usage("<hosts> / <hosts> [/ ...]")
    .description("let groups of hosts no longer hear each other: partition pve01 / pve02,nas")
    .action(async (words: string[], _options, command: Command) => {
      const groups = words
        .join(" ")
        .split("/")
        .map((group) => group.split(/[\s,]+/).filter((name) => name !== ""))
        .filter((group) => group.length > 0);
      await control(labPaths(command), "PUT", labPath("partition"), { groups });
      say(`apart: ${groups.map((group) => group.join(", ")).join(" / ")}`);
    });
  program
    .command("heal")
    .description("plug every cable in again")
    .action(async (_options, command: Command) => {
      await control(labPaths(command), "DELETE", labPath("partition"));
      say("every cable is plugged in");
    });
}
