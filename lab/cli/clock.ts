import type { Command } from "commander";
import { milliseconds } from "./amounts";
import { LabError, labPaths, say } from "./cli";
import { control, labPath } from "./client";

interface Time {
  now: number;
  speed: number;
}

export function clockCommands(program: Command): void {
  program
    .command("clock")
    .description("show the lab's time, let it go faster or slower, or move it: clock --advance 15m")
    .option("--speed <factor>", "how much faster than real time it goes; 0 stands still")
    .option(
      "--advance <time>",
      "move on by that; everything that falls due meanwhile happens in its order",
    )
    .action(async (options: { speed?: string; advance?: string }, command: Command) => {
      const paths = labPaths(command);
      const { speed, advance } = options;
      const seconds = advance === undefined ? undefined : milliseconds(advance) / 1000;
      if (speed !== undefined) {
        if (!/^\d+(\.\d+)?$/.test(speed)) {
          throw new LabError(`speed is a number from 0 on, not "${speed}"`);
        }
        await control(paths, "PUT", labPath("clock"), { speed: Number(speed) });
      }
      if (seconds !== undefined) {
        await control(paths, "POST", labPath("clock", "advance"), { seconds });
      }
      const time = await control<Time>(paths, "GET", labPath("clock"));
      say(`it is ${new Date(time.now).toISOString()} in the lab; time ${paceOf(time.speed)}`);
    });
}

function paceOf(speed: number): string {
  if (speed === 0) return "stands still";
  return speed === 1 ? "goes as it does outside" : `goes ${speed} times as fast as outside`;
}
