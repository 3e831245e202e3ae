import { type Commands, fail, quote } from "../command";

/** `rsync [-t] [--bwlimit=KIB] FILE FILE`: one file of this host, at once. It is whole when it gets its name. */
export const rsyncCommands: Commands = {
  rsync: async (args, { exec }) => {
    const [from, to, ...more] = args.filter((arg) => !arg.startsWith("-"));
    if (from === undefined || to === undefined || more.length > 0 || `${from}${to}`.includes(":")) {
      return fail("the lab's rsync copies one file on its own host", 1);
    }
    const { stderr, exitCode } = await exec(`cp ${quote(["-p", "--", from, to])}`, "");
    return exitCode === 0
      ? { stdout: "", stderr: "", exitCode }
      : {
          stdout: "",
          stderr: `rsync: ${stderr.trimEnd()}\nrsync error: some files could not be transferred (code 23)\n`,
          exitCode: 23,
        };
  },
};
