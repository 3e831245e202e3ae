import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Exit code of a script whose host is busy with another of ours. */
export const BUSY = 75;

/** The last line of every script. */
const END = "#end";

/**
 * Reads the whole script before it runs any of it, so that a connection that breaks meanwhile leaves nothing half done
 * and no command in the script can read the rest of it. Exit code 74: it did not arrive whole.
 */
const RECEIVE = `bash -c 's=$(cat); [[ $s == *"${END}" ]] || exit 74; eval "$s"' -`;

/** Seconds that a script waits for another of ours on its host. */
export const PATIENCE = 900;

/** The one short line that a host is told to run; the script goes by standard input. One script at a time on a host. */
export function commandLine(
  script: string,
  verb: string,
  words: string[] = [],
  patience = PATIENCE,
): string {
  const step = script.replace("/", "-");
  const more = words.map((word) => ` ${shellQuote(word)}`).join("");
  return `flock -w ${patience} -E ${BUSY} /run/lock/proxmox-ha.lock ${RECEIVE} ${step} ${verb}${more}`;
}

/** Reads a script. What it gives makes the text that a host gets to read: variables, common parts, script. */
export function readScript(
  script: string,
  parts: string[] = [],
): (values: Record<string, string>) => string {
  const read = (path: string): string => readFileSync(join(__dirname, path), "utf8");
  const body = [read("common.sh"), ...[...parts, script].map((name) => read(scriptFile(name)))];
  return (values) => {
    const lines = Object.entries(values).map(([key, value]) => `${key}=${shellQuote(value)}`);
    return `${lines.join("\n")}\n${body.join("\n")}\n${END}\n`;
  };
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
