import { randomBytes } from "node:crypto";
import { type Commands, fail, ok, quote } from "../command";

/** Parts of coreutils and diffutils that just-bash does not bring, made of those that it does. */
export const toolCommands: Commands = {
  mktemp: async (args, { exec }) => {
    const at = args.findIndex((arg) => arg === "-p" || arg === "--tmpdir");
    const folder = at < 0 ? "/tmp" : (args[at + 1] ?? "/tmp");
    const [given] = args.filter(
      (arg, index) => !arg.startsWith("-") && (at < 0 || index !== at + 1),
    );
    const template = given ?? "tmp.XXXXXXXXXX";
    if (!/X{3}/.test(template)) return fail(`mktemp: too few X's in template ‘${template}’`);
    const name = template.replace(/X{3,}/, (run) =>
      randomBytes(run.length).toString("hex").slice(0, run.length),
    );
    const path = given === undefined || at >= 0 ? `${folder}/${name}` : name;
    const isFolder = args.some((arg) => arg === "-d" || arg === "--directory");
    const word = quote([path]);
    const { exitCode } = await exec(
      isFolder ? `mkdir ${word} && chmod 700 ${word}` : `: >${word} && chmod 600 ${word}`,
      "",
    );
    return exitCode === 0
      ? ok(`${path}\n`)
      : fail(
          `mktemp: failed to create ${isFolder ? "directory" : "file"} via template ‘${template}’`,
        );
  },
  realpath: (args, { exec }) => {
    const paths = args.filter((arg) => !arg.startsWith("-"));
    return exec(`readlink -f -- ${quote(paths)}`, "");
  },
  cmp: async (args, { exec }) => {
    const [one = "", other = ""] = args.filter((arg) => !arg.startsWith("-"));
    const [first, second] = [
      await exec(`cat ${quote([one])}`, ""),
      await exec(`cat ${quote([other])}`, ""),
    ];
    if (first.exitCode + second.exitCode > 0) return fail("cmp: No such file or directory", 2);
    if (first.stdout === second.stdout) return ok();
    return { ...ok(args.includes("-s") ? "" : `${one} ${other} differ\n`), exitCode: 1 };
  },
  /** `install -d FOLDER…`, `install [-D] [-m MODE] FROM… TO`; owners are root's anyway. */
  install: async (args, { exec }) => {
    let mode = "755";
    const flags: string[] = [];
    const paths: string[] = [];
    for (let index = 0; index < args.length; index++) {
      const arg = args[index] ?? "";
      const [, inline] = /^(?:-m|--mode=)(.+)$/.exec(arg) ?? [];
      if (inline !== undefined) mode = inline;
      else if (arg === "-m" || arg === "--mode") mode = args[++index] ?? mode;
      else if (/^-(o|g|-owner|-group)$/.test(arg)) index++;
      else if (arg.startsWith("-")) flags.push(arg);
      else paths.push(arg);
    }
    const chmod = (words: string[]): string => `chmod ${quote([mode, ...words])}`;
    if (flags.includes("-d")) return exec(`mkdir -p ${quote(paths)} && ${chmod(paths)}`, "");
    const to = paths.pop() ?? "";
    const parent = flags.includes("-D") ? `mkdir -p "$(dirname ${quote([to])})" && ` : "";
    const targets = paths.map((path) => `${to}/${path.split("/").pop() ?? ""}`);
    return exec(
      `${parent}cp ${quote([...paths, to])} && if [ -d ${quote([to])} ]; then ${chmod(targets)}; else ${chmod([to])}; fi`,
      "",
    );
  },
};
