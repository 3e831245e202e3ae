import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Connections, sshConnection } from "./connections";
import { commandLine, readScript } from "./scriptText";

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
  /** The host may be booting: it is waited for. */
  patient?: boolean;
  /** The script has a part for removal, which runs when the resource is deleted. */
  removes?: boolean;
  /** Standard output is a secret: kept out of the log and encrypted in the state. */
  secretOutput?: boolean;
}

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
  const run = (verb: string): string => commandLine(args.script, verb, args.words);
  const text = readScript(args.script, args.parts);
  return new remote.Command(
    name,
    {
      connection: sshConnection(connections, args.host, args.patient),
      create: run("apply"),
      ...(args.removes ? { delete: run("remove") } : {}),
      stdin: pulumi.all({ ...args.variables, HOST: args.host }).apply(text),
      addPreviousOutputInEnv: false,
      logging: args.secretOutput ? remote.Logging.None : remote.Logging.Stderr,
    },
    pulumi.mergeOptions(opts, args.secretOutput ? { additionalSecretOutputs: ["stdout"] } : {}),
  );
}
