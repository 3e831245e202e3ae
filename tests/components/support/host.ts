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

/** All files of a host at one moment, as a tar archive. */
export type State = Buffer;

/** Programs that the scripts may use as they are. Whatever else they call does not exist. */
const CHANGING = ["chmod", "mkdir", "mv", "rmdir"];
/** These change nothing but what they are redirected to. */
const READING = ["awk", "cat", "cut", "grep", "ls", "readlink", "sed", "sort", "tail", "tr", "wc"];

/** Beginnings of the scripts' absolute paths. */
const PATHS =
  /(?<![\w/])\/(?=(?:dev\/kvm|etc|proc|root|run|sys|usr\/local|usr\/share|var)(?:\/|\b))/g;

export class Host {
  readonly root = mkdtempSync(join(tmpdir(), "host-"));

  constructor(state: Record<string, string> = {}) {
    for (const folder of ["bin", "state", "etc/pve", "root", "run/lock"]) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    for (const name of ["bash", ...CHANGING, ...READING])
      symlinkSync(realPath(name), join(this.root, "bin", name));
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

  /** Runs a script as `remoteScript` sends it; `part` of 1 says how much of it arrives. */
  run(args: RemoteScriptArgs, verb = "apply", part = 1): Promise<Result> {
    return this.send(args, verb, (text) => text.slice(0, Math.floor(text.length * part)));
  }

  /**
   * Runs a script, and returns every state of the host on the way: what the script leaves when it is killed. The state is
   * looked at before and after each call and each redirection, so that a file which is about to be written is seen empty
   * as well. The first one is that before the run, the last one that behind it. Of those that the same shell command
   * has made (mv, printf), as of many files written one after the other, there are the first and the last one; calls of
   * stand-ins count each.
   */
  async watch(args: RemoteScriptArgs, verb = "apply"): Promise<Result & { states: State[] }> {
    const folder = join(this.root, "states");
    mkdirSync(folder, { recursive: true });
    const names = readdirSync(join(this.root, "bin"));
    const result = await this.send(args, verb, (text) => `${watcher(names)}\n${text}`);
    const seen = new Map<string, { kind: string; state: State }>();
    for (const name of readdirSync(folder).sort()) {
      const state = readFileSync(join(folder, name));
      const text = state.toString("latin1");
      if (!seen.has(text)) seen.set(text, { kind: name.replace(/^[^ ]* /, ""), state });
    }
    rmSync(folder, { recursive: true });
    return { ...result, states: firstAndLast([...seen.values()]) };
  }

  /** Makes the host what it was. */
  restore(state: State): void {
    for (const name of readdirSync(this.root)) {
      if (name !== "bin") rmSync(join(this.root, name), { recursive: true });
    }
    const { status } = spawnSync("tar", ["-C", this.root, "-xpf", "-"], { input: state });
    if (status !== 0) throw new Error("a state of the host cannot be restored");
  }

  private async send(
    args: RemoteScriptArgs,
    verb: string,
    arriving: (text: string) => string,
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
        input: this.inside(arriving(text)),
        encoding: "utf8",
        env: {
          PATH: join(this.root, "bin"),
          ROOT: this.root,
          // As below sshd's shell; a first shell on a socket would read this machine's own .bashrc.
          SHLVL: "2",
        },
      },
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
    const ours = all.filter((path) => !/^(bin|calls|states)\b/.test(path)).sort();
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
 * What every stand-in does first: it notes the call, and reads its standard input to the end, as some commands do. It
 * does so without another process, as there are thousands of calls. The script comes by standard input, so a call that does not close it would eat the rest of the script.
 */
function head(bash: string): string {
  return `#!${bash}
if [ "\${0##*/}" != flock ]; then
  PATH="$PATH:/usr/bin:/bin"
  printf '%s\\x1f' "\${0##*/}" "$@" >>"$ROOT/calls"
  printf '\\x1e' >>"$ROOT/calls"
  case " $* " in *" -n "*) ;; *) IFS= read -r -d '' input ;; esac
fi
state="$ROOT/state"
`;
}

/** What is put in front of a script that is watched: each command by a function that keeps the host's state around it. */
function watcher(names: string[]): string {
  const keep = `keep_state() {
  ${realPath("tar")} -C "$ROOT" --sort=name --mtime=@0 --exclude=./bin --exclude=./calls --exclude=./states \\
    -cf "$ROOT/states/$EPOCHREALTIME-$BASHPID $1" . </dev/null || true
}
keep_state start
writes() { [ -f /dev/fd/1 ] || [ "\${1:-}" = -i ] || return 1; }`;
  const around = (name: string, call: string, when: string): string => `${name}() {
  local code_of_call=0
  ${when} keep_state "before ${name}"
  ${call} "$@" || code_of_call=$?
  ${when} keep_state "after ${name}"
  return "$code_of_call"
}`;
  const functions = names.map((name) =>
    around(name, `command ${name}`, READING.includes(name) ? WRITES : ""),
  );
  const builtins = ["printf", "echo"].map((name) => around(name, `builtin ${name}`, WRITES));
  return [keep, ...functions, ...builtins].join("\n");
}
function firstAndLast(all: { kind: string; state: State }[]): State[] {
  const kinds = all.map(({ kind }) => kind);
  return all.flatMap(({ kind, state }, index) =>
    !SHELL.test(kind) ||
    [kinds.indexOf(kind), kinds.lastIndexOf(kind), all.length - 1].includes(index)
      ? [state]
      : [],
  );
}
const SHELL = new RegExp(` (printf|echo|${[...CHANGING, ...READING].join("|")})$`);
const WRITES = '! writes "${1:-}" ||';

const found = new Map<string, string>();
function realPath(name: string): string {
  const known = found.get(name);
  if (known) return known;
  const { stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  found.set(name, stdout.trim());
  return stdout.trim();
}
