import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { LauncherError } from "../launcher/errors";

/** Says what is being done now. */
export type Report = (text: string) => void;

export class ToolError extends LauncherError {}

interface Options {
  cwd: string;
  env?: Record<string, string>;
  /** Each line of the program's standard error. */
  onLine?: (line: string) => void;
}

/** Runs a program to its end. When it fails, the error carries the last lines that it wrote. */
export function run(program: string, args: string[], options: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const tail: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      tail.push(line);
      if (tail.length > 20) tail.shift();
      options.onLine?.(line);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      const text =
        error.code === "ENOENT" ? `${program} is not installed; run: make doctor` : error.message;
      reject(new ToolError(text));
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new ToolError(`${program} ${args[0]} ended with ${code ?? signal}:\n${tail.join("\n")}`),
        );
    });
  });
}
