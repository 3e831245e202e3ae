import {
  isWatchdogModule,
  loadWatchdog,
  unloadWatchdog,
  watchdogModules,
} from "../../system/watchdog";
import { type Commands, fail, ok } from "../command";

/** kmod: of the kernel's modules the lab knows those of watchdogs. */
export const moduleCommands: Commands = {
  modprobe: (args, { host }) => {
    const has = (letter: string, long: string): boolean =>
      args.includes(long) || args.some((arg) => new RegExp(`^-\\w*${letter}`).test(arg));
    const [name = ""] = args.filter((arg) => !arg.startsWith("-"));
    const quiet = has("q", "--quiet");
    if (!isWatchdogModule(name)) {
      const text = `modprobe: FATAL: Module ${name} not found in directory /lib/modules/${host.kernel ?? ""}`;
      return fail(quiet ? "" : text);
    }
    if (has("n", "--dry-run")) return ok();
    if (!has("r", "--remove")) loadWatchdog(host, name);
    else if (!unloadWatchdog(host, name)) return fail(`modprobe: FATAL: Module ${name} is in use.`);
    return ok();
  },
  lsmod: (_args, { host }) =>
    ok(
      `Module                  Size  Used by\n${watchdogModules(host)
        .map((name) => `${name.padEnd(20)} 16384  1\n`)
        .join("")}`,
    ),
};
