import { readFileSync } from "node:fs";
import { join } from "node:path";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Connections, sshConnection } from "./connections";

export interface RemoteScriptArgs {
  /** Where it runs: a node or host of the site. */
  host: string;
  /** `<domain>/<file>` below `components`, as in `cluster/join`: also the step's name in messages. */
  script: string;
  /** Functions that it shares with other scripts: `cluster/parts/ha` lies beside the scripts of that domain. */
  parts?: string[];
  /** Words that the script gets as $3 and on. They stand on the command line, so they are no secrets. */
  words?: string[];
  /** Variables that the script finds set. */
  variables?: Record<string, pulumi.Input<string>>;
  /** The script has a part for removal, which runs when the resource is deleted. */
  removes?: boolean;
  /** Standard output is a secret: kept out of the log and encrypted in the state. */
  secretOutput?: boolean;
}

/** Exit code of a script whose host is busy with another of ours. */
const BUSY = 75;

/** The last line of every script. */
const END = "#end";

/**
 * Reads the whole script before it runs any of it, so that a connection that breaks meanwhile leaves nothing half done
 * and no command in the script can read the rest of it. Exit code 74: it did not arrive whole.
 */
const RECEIVE = `bash -c 's=$(cat); [[ $s == *"${END}" ]] || exit 74; eval "$s"' -`;

/**
 * Runs a script of ours on a host over SSH. The script goes by standard input and never by the command line, so that
 * neither it nor a secret shows up in a process list or in an error text. One script at a time on a host.
 */
export function remoteScript(
  name: string,
  args: RemoteScriptArgs,
  connections: Connections,
  opts: pulumi.CustomResourceOptions,
): remote.Command {
  const step = args.script.replace("/", "-");
  const words = (args.words ?? []).map((word) => ` ${shellQuote(word)}`).join("");
  const run = (verb: string): string =>
    `flock -w 900 -E ${BUSY} /run/lock/proxmox-ha.lock ${RECEIVE} ${step} ${verb}${words}`;
  return new remote.Command(
    name,
    {
      connection: sshConnection(connections, args.host),
      create: run("apply"),
      ...(args.removes ? { delete: run("remove") } : {}),
      stdin: scriptText(args),
      addPreviousOutputInEnv: false,
      logging: args.secretOutput ? remote.Logging.None : remote.Logging.Stderr,
    },
    pulumi.mergeOptions(opts, args.secretOutput ? { additionalSecretOutputs: ["stdout"] } : {}),
  );
}

/** Variables, the common parts and the script itself, as one text that its receiver can tell to be whole. */
function scriptText({ host, script, parts = [], variables = {} }: RemoteScriptArgs) {
  return pulumi.all({ ...variables, HOST: host }).apply((values) => textOf(script, parts, values));
}

/** What a host gets to read: also of use to those who run a script without a resource. */
export function textOf(script: string, parts: string[], values: Record<string, string>): string {
  const read = (path: string): string => readFileSync(join(__dirname, path), "utf8");
  const lines = Object.entries(values).map(([key, value]) => `${key}=${shellQuote(value)}`);
  const body = [read("common.sh"), ...[...parts, script].map((name) => read(scriptFile(name)))];
  return `${lines.join("\n")}\n${body.join("\n")}\n${END}\n`;
}

/** `cluster/parts/ha` is `cluster/scripts/parts/ha.sh`. */
function scriptFile(name: string): string {
  const [domain = "", ...rest] = name.split("/");
  return join(domain, "scripts", `${rest.join("/")}.sh`);
}

/** One word for the shell, whatever it holds. */
export function shellQuote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
