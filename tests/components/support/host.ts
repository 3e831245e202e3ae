import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { remoteScript, type RemoteScriptArgs } from "../../../components/remoteScript";
import { COMMANDS, NODE } from "./hostCommands";
import { plain, register } from "./pulumi";

/**
 * A host on which the project's scripts run under real bash, in the form in which they are sent. It is a folder: the
 * scripts' absolute paths are rewritten to lie in it. That works for any user and in any container; a private mount or
 * user namespace would leave the text alone, but many CI machines forbid both to those who are not root.
 */

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Every call of a stand-in command in this run: its name and arguments. */
  calls: string[][];
}

/** Programs that the scripts may use as they are. Whatever else they call does not exist. */
const REAL = [
  "bash",
  "cat",
  "chmod",
  "grep",
  "mkdir",
  "mv",
  "readlink",
  "sed",
  "sort",
  "tail",
  "tr",
  "wc",
];

/** Beginnings of the scripts' absolute paths. */
const PATHS =
  /(?<![\w/])\/(?=(?:dev\/kvm|etc|proc|root|run|sys|usr\/local|usr\/share|var)(?:\/|\b))/g;

export class Host {
  readonly root = mkdtempSync(join(tmpdir(), "host-"));

  constructor(state: Record<string, string> = {}) {
    for (const folder of ["bin", "state", "etc/pve", "root", "run/lock"]) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    for (const name of REAL) symlinkSync(realPath(name), join(this.root, "bin", name));
    for (const [name, body] of Object.entries(COMMANDS)) this.command(name, body);
    for (const [path, content] of Object.entries({ ...NODE, ...state })) this.write(path, content);
  }

  /** Puts a command in the place of the one that is there. */
  command(name: string, body: string): void {
    const path = join(this.root, "bin", name);
    // Never through a link to the real one.
    rmSync(path, { force: true });
    writeFileSync(path, `${head(realPath("bash"))}${body}\n`);
    chmodSync(path, 0o755);
  }

  /** Lets a command fail when its arguments begin with these words (none: always), and work as before otherwise. */
  fail(name: string, args: string, words = "no luck today"): void {
    const begins = args === "" ? "*" : `"${args} "*`;
    this.command(
      name,
      `case "$* " in ${begins}) echo "${words}" >&2; exit 7;; esac\n${COMMANDS[name] ?? ""}`,
    );
  }

  /**
   * Runs a script as `remoteScript` sends it. `killedAfter` ends it by force after that many calls; `part` of 1 says how
   * much of it arrives.
   */
  async run(
    args: RemoteScriptArgs,
    verb = "apply",
    killedAfter?: number,
    part = 1,
  ): Promise<Result> {
    const connection = { host: "127.0.0.1", port: 22, user: "root", hostKey: "" };
    const [made] = await register(() =>
      remoteScript("step", { removes: true, ...args }, { [args.host]: connection }, {}),
    );
    const line = String(made?.inputs[verb === "remove" ? "delete" : "create"]);
    this.write("calls", "");
    const text = String(plain(made?.inputs.stdin));
    const { status, stdout, stderr } = spawnSync(
      realPath("bash"),
      ["--norc", "-c", this.inside(line)],
      {
        input: this.inside(text.slice(0, Math.floor(text.length * part))),
        encoding: "utf8",
        env: {
          PATH: join(this.root, "bin"),
          ROOT: this.root,
          KILL: String(killedAfter ?? ""),
          // As below sshd's shell; a first shell on a socket would read this machine's own .bashrc.
          SHLVL: "2",
        },
        // A process group of its own, which a stand-in can kill as a whole.
        detached: true,
      } as Parameters<typeof spawnSync>[2],
    );
    return {
      code: status,
      stdout: this.outside(String(stdout)),
      stderr: this.outside(String(stderr)),
      calls: this.calls(),
    };
  }

  exists(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  mode(path: string): string {
    return (statSync(join(this.root, path)).mode & 0o777).toString(8);
  }

  /** Everything on the host but the commands, as path and content. */
  files(): Record<string, string> {
    const all = readdirSync(this.root, { recursive: true, encoding: "utf8" });
    const ours = all.filter((path) => !/^(bin|calls)\b/.test(path)).sort();
    return Object.fromEntries(
      ours
        .filter((path) => statSync(join(this.root, path)).isFile())
        .map((path) => [path, this.outside(this.read(path))]),
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private calls(): string[][] {
    const records = this.outside(this.read("calls")).split("\x1e").slice(0, -1);
    return records.map((record) => record.split("\x1f").slice(0, -1));
  }

  private inside(text: string): string {
    return text.replace(PATHS, `${this.root}/`);
  }

  private outside(text: string): string {
    return text.replaceAll(this.root, "");
  }
}

/**
 * What every stand-in does first: it notes the call, and reads its standard input to the end, as some commands do.
 * The script comes by standard input, so a call that does not close it would eat the rest of the script.
 */
function head(bash: string): string {
  return `#!${bash}
if [ "\${0##*/}" != flock ]; then
  PATH="$PATH:/usr/bin:/bin"
  printf '%s\\x1f' "\${0##*/}" "$@" >>"$ROOT/calls"
  printf '\\x1e' >>"$ROOT/calls"
  case " $* " in *" -n "*) ;; *) cat >/dev/null ;; esac
  if [ -n "$KILL" ]; then
    trap '[ "$(tr -dc "\\036" <"$ROOT/calls" | wc -c)" -ge "$KILL" ] && kill -9 0' EXIT
  fi
fi
state="$ROOT/state"
`;
}

const found = new Map<string, string>();
function realPath(name: string): string {
  const known = found.get(name);
  if (known) return known;
  const { stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  found.set(name, stdout.trim());
  return stdout.trim();
}
