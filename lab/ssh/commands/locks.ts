import { FRONTEND_LOCK, lockHolder } from "../../system/aptLock";
import { type Commands, fail, ok } from "../command";

/** util-linux's `lslocks`, for the one lock that scripts look for. */
export const lockCommands: Commands = {
  lslocks: (args, { site, host }) => {
    const holder = lockHolder(site, host);
    const all: Record<string, string> = {
      COMMAND: holder?.process ?? "",
      PID: String(holder?.pid ?? ""),
      TYPE: "POSIX",
      MODE: "WRITE",
      PATH: FRONTEND_LOCK,
    };
    const at = args.findIndex((arg) => /^-\w*o$|^--output$/.test(arg));
    const names =
      at < 0 ? ["COMMAND", "PID", "TYPE", "MODE", "PATH"] : (args[at + 1] ?? "").split(",");
    const unknown = names.find((name) => !(name in all));
    if (unknown !== undefined) return fail(`lslocks: unknown column: ${unknown}`);
    const bare = args.some((arg) => /^-[a-z]*n|^--noheadings$/.test(arg));
    const rows = [
      ...(bare ? [] : [names]),
      ...(holder ? [names.map((name) => all[name] ?? "")] : []),
    ];
    return ok(rows.map((row) => `${row.join(" ")}\n`).join(""));
  },
};
