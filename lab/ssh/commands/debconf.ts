import { dpkgOf } from "../../system/dpkg";
import { type Commands, ok, quote } from "../command";

const TYPES = [
  "boolean",
  "error",
  "multiselect",
  "note",
  "password",
  "select",
  "string",
  "text",
  "title",
  "seen",
];

/** Answers to packages' questions, for installations at which nobody sits. */
export const debconfCommands: Commands = {
  "debconf-set-selections": async (args, { host, site, stdin, exec }) => {
    const paths = args.filter((arg) => !arg.startsWith("-"));
    const checkOnly = args.some((arg) => arg === "-c" || arg === "--checkonly");
    let text = stdin;
    if (paths.length > 0) {
      const read = await exec(`cat ${quote(paths)}`, "");
      if (read.exitCode !== 0) return read;
      text = read.stdout;
    }
    let stderr = "";
    const answers: Record<string, { type: string; value: string }> = {};
    const lines = text.replace(/\\\n/g, "").split("\n");
    for (const [index, line] of lines.entries()) {
      if (/^\s*(#|$)/.test(line)) continue;
      const [, owner = "", question = "", type = "", value = ""] =
        /^\s*(\S+)\s+(\S+)\s+(\S+)(?:\s(.*))?$/.exec(line) ?? [];
      if (owner === "") stderr += `error: parse error on line ${index + 1}: '${line}'\n`;
      else if (!TYPES.includes(type))
        stderr += `warning: Unknown type ${type}, skipping line ${index + 1}\n`;
      else answers[`${owner} ${question}`] = { type, value: value.trim() };
    }
    // A wrong type is no error to it, and what else there is counts.
    const ended = { stdout: "", stderr, exitCode: /^error/m.test(stderr) ? 1 : 0 };
    if (checkOnly) return ended;
    Object.assign((dpkgOf(host).debconf ??= {}), answers);
    site.store.touch();
    return ended;
  },
  "debconf-show": ([owner = ""], { host }) =>
    ok(
      Object.entries(dpkgOf(host).debconf ?? {})
        .filter(([key]) => key.startsWith(`${owner} `))
        .map(([key, { value }]) => `* ${key.split(" ")[1]}: ${value}\n`)
        .join(""),
    ),
};
