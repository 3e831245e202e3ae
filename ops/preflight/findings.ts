import type { RemoteResult } from "../../toolchain/launcher/ssh";

export interface Advice {
  what: string;
  remedy: string;
}

/** What scripts that look have told of a host: the lines of components/common.sh. */
export interface Findings {
  /** `debian`, `installed`, `member`, `refused`, or what else a script calls it. */
  state?: string;
  /** What the next update does there. */
  will: string[];
  problems: Advice[];
  warnings: Advice[];
  /** What no program can see. */
  checklist: string[];
}

/** Exit code of a script that did not arrive whole. */
const CUT_SHORT = 74;

export function noFindings(): Findings {
  return { will: [], problems: [], warnings: [], checklist: [] };
}

/** Reads what `script` has printed, whatever that is. */
export function readFindings(script: string, result: RemoteResult): Findings {
  const findings = noFindings();
  const strange = result.stdout.split("\n").filter((line) => line !== "" && !read(line, findings));
  const { problems } = findings;
  if (strange.length > 0) {
    problems.push({
      what: `its shell prints what no script of ours does: ${quoted(strange[0] ?? "")}`,
      remedy:
        "let root's .bashrc print nothing unless the shell is interactive; scp and Proxmox VE stumble over it too",
    });
  }
  if (result.code !== 0 && problems.length === 0) problems.push(failure(script, result));
  const tellsState = script.startsWith("cluster/");
  if (tellsState && findings.state === undefined && problems.length === 0) {
    problems.push({
      what: `${script} has come to its end without saying what this host is`,
      remedy: `run it again; if it stays so, look at what it says: ${lastLine(result.stderr)}`,
    });
  }
  return findings;
}

/** False for a line that none of our scripts writes. */
function read(line: string, findings: Findings): boolean {
  const [name = "", text, remedy = ""] = line.split("\t");
  if (text === undefined || !/^[a-z]+$/.test(name)) return false;
  if (name === "state") findings.state = text;
  else if (name === "will") findings.will.push(text);
  else if (name === "checklist") findings.checklist.push(text);
  else if (name === "problem") findings.problems.push({ what: text, remedy });
  else if (name === "warning") findings.warnings.push({ what: text, remedy });
  return true;
}

/** A script that stops says `step … failed: WHAT` and what to do; anything else has ended it from outside. */
function failure(script: string, { stderr, code }: RemoteResult): Advice {
  const [, what, remedy] = /step \S+ failed: (.*)\n *What to do: (.*)/.exec(stderr) ?? [];
  if (what !== undefined && remedy !== undefined) return { what, remedy };
  return {
    what: `${script} ended with code ${code}: ${lastLine(stderr)}`,
    remedy:
      code === CUT_SHORT
        ? "the connection broke while the script was sent; run this again"
        : "it needs a root shell with Debian's usual commands; look at the words above",
  };
}

function lastLine(text: string): string {
  return quoted(text.trim().split("\n").at(-1) ?? "");
}

/** Whatever a host prints, in one short line without control characters. */
function quoted(text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, " ").trim();
  return plain === "" ? "no words" : plain.length > 120 ? `${plain.slice(0, 120)} …` : plain;
}
