import type { HostState } from "../../state/types";
import { lockHolder, takeLock } from "../../system/aptLock";
import { conffilesOf, ownFilesOf } from "../../system/conffiles";
import {
  globbed,
  isGlob,
  knownPackages,
  statusOf,
  type Status,
  statusText,
  versionOf,
} from "../../system/dpkg";
import { PACKAGES } from "../../system/packageTable";
import { Transaction } from "../../system/transaction";
import { type CommandContext, type Commands, fail, ok } from "../command";

const LETTERS: Record<Status, string> = {
  installed: "ii",
  unpacked: "iU",
  "half-configured": "iF",
  "config-files": "rc",
};

export const dpkgCommands: Commands = {
  "dpkg-query": (args, context) => {
    const { host } = context;
    if (args.some((arg) => /^(-s|--status)$/.test(arg))) return status(host, wordsOf(args));
    if (args.some((arg) => /^(-l|--list)$/.test(arg))) return list(host, wordsOf(args));
    if (args.some((arg) => /^(-L|--listfiles)$/.test(arg))) return files(host, wordsOf(args));
    const { format, names } = queryArguments(args);
    const known = knownPackages(host);
    const wanted = names.length === 0 ? ["*"] : names;
    const matches = wanted.map((name) =>
      isGlob(name) ? globbed(name, known) : known.filter((one) => one === bare(name)),
    );
    const missing = wanted.filter((_name, index) => matches[index]?.length === 0);
    return {
      stdout: matches
        .flat()
        .map((name) => shown(format, name, host))
        .join(""),
      stderr: missing.map((name) => `dpkg-query: no packages found matching ${name}\n`).join(""),
      exitCode: missing.length > 0 ? 1 : 0,
    };
  },
  dpkg: async (args, context) => {
    const { host } = context;
    const [action = ""] = args;
    const words = wordsOf(args);
    switch (action) {
      case "-s":
      case "--status":
        return status(host, words);
      case "-l":
      case "--list":
        return list(host, words);
      case "-L":
      case "--listfiles":
        return files(host, words);
      case "-S":
      case "--search":
        return owner(host, words);
      case "--print-architecture":
        return ok("amd64\n");
      case "--print-foreign-architectures":
        return ok();
      case "--get-selections":
        return ok(
          knownPackages(host)
            .map(
              (name) =>
                `${name}\t${statusOf(host, name) === "config-files" ? "deinstall" : "install"}\n`,
            )
            .join(""),
        );
      case "--audit":
      case "-C":
        return ok(audit(host));
      case "--compare-versions":
        return compared(words);
      case "--version":
        return ok(
          `Debian 'dpkg' package management program version ${versionOf(host, "dpkg")} (amd64).\n`,
        );
      case "--force-confold":
      case "--force-confdef":
      case "--force-confnew":
      case "--configure":
        return args.includes("--configure") ? configureAll(args, context) : unknown(action);
      default:
        return unknown(action);
    }
  },
};

const bare = (name: string): string => name.replace(/:(amd64|all)$/, "");
const wordsOf = (args: readonly string[]): string[] =>
  args.filter((arg) => !arg.startsWith("-")).map(bare);
const unknown = (action: string) => fail(`dpkg: error: unknown option ${action}`, 2);

async function configureAll(args: readonly string[], { site, host, run }: CommandContext) {
  const release = await takeLock(site, host, "dpkg", 0);
  if (!release) {
    const pid = lockHolder(site, host)?.pid ?? 1;
    return fail(
      `dpkg: error: dpkg frontend lock was locked by another process with pid ${pid}\nNote: removing the lock file is always wrong, can damage the locked area\nand the entire system. See <https://wiki.debian.org/Teams/Dpkg/FAQ#db-lock>.`,
      2,
    );
  }
  const keep = args.includes("--force-confnew")
    ? "new"
    : args.some((arg) => /^--force-conf(old|def)$/.test(arg))
      ? "old"
      : "ask";
  try {
    return await new Transaction(site, host, keep, run).configureAll();
  } finally {
    release();
  }
}

function status(host: HostState, [name = ""]: string[]) {
  const found = statusOf(host, name);
  if (found === undefined) {
    return fail(`dpkg-query: package '${name}' is not installed and no information is available
Use dpkg --info (= dpkg-deb --info) to examine archive files.`);
  }
  const { depends = [], summary = name } = PACKAGES[name] ?? {};
  const needs = depends.length > 0 ? `Depends: ${depends.join(", ")}\n` : "";
  return ok(
    `Package: ${name}\nStatus: ${statusText(found)}\nArchitecture: amd64\nVersion: ${versionOf(host, name)}\n${needs}Description: ${summary}\n`,
  );
}

function list(host: HostState, patterns: string[]) {
  const known = knownPackages(host);
  const names =
    patterns.length === 0 ? known : [...new Set(patterns.flatMap((one) => globbed(one, known)))];
  const head =
    "Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n||/ Name           Version      Architecture Description\n+++-==============-============-============-=================================\n";
  const row = (name: string): string => {
    const letters = LETTERS[statusOf(host, name) ?? "installed"];
    return `${letters}  ${name.padEnd(14)} ${versionOf(host, name).padEnd(12)} amd64        ${PACKAGES[name]?.summary ?? ""}\n`;
  };
  const missing = patterns.filter((one) => globbed(one, known).length === 0);
  const stderr = missing.map((one) => `dpkg-query: no packages found matching ${one}\n`).join("");
  return {
    stdout: names.length === 0 ? "" : `${head}${names.map(row).join("")}`,
    stderr,
    exitCode: missing.length > 0 ? 1 : 0,
  };
}

function pathsOf(host: HostState, name: string): string[] {
  const { kernel } = PACKAGES[name] ?? {};
  return [
    ...Object.keys(conffilesOf(host, name)),
    ...Object.keys(ownFilesOf(host, name)),
    ...(kernel === undefined ? [] : [`/boot/vmlinuz-${kernel}`]),
    `/usr/share/doc/${name}`,
  ];
}

function files(host: HostState, [name = ""]: string[]) {
  if (statusOf(host, name) === undefined)
    return fail(`dpkg-query: package '${name}' is not installed`);
  return ok(
    pathsOf(host, name)
      .map((path) => `${path}\n`)
      .join(""),
  );
}

function owner(host: HostState, [path = ""]: string[]) {
  const name = host.packages.find((one) => pathsOf(host, one).includes(path));
  return name === undefined
    ? fail(`dpkg-query: no path found matching pattern ${path}`)
    : ok(`${name}: ${path}\n`);
}

function audit(host: HostState): string {
  const open = host.packages.filter((name) => statusOf(host, name) !== "installed");
  if (open.length === 0) return "";
  const lines = open.map((name) => ` ${name.padEnd(20)} ${PACKAGES[name]?.summary ?? ""}\n`);
  return `The following packages are only half configured, probably due to problems\nconfiguring them the first time.  The configuration should be retried using\ndpkg --configure <package> or the configure menu option in dselect:\n${lines.join("")}\n`;
}

/** `--compare-versions A OP B`, by the numbers in them. */
function compared([a = "", operator = "", b = ""]: string[]) {
  const order = a.localeCompare(b, "en", { numeric: true });
  const holds: Record<string, boolean> = {
    lt: order < 0,
    le: order <= 0,
    eq: order === 0,
    ne: order !== 0,
    ge: order >= 0,
    gt: order > 0,
  };
  return holds[operator] ? ok() : fail("");
}

/** `-W -f FORMAT NAME…`, with the format as a word of its own or behind `-f` or `--showformat=`. */
function queryArguments(args: string[]): { format: string; names: string[] } {
  let format = "${binary:Package}\\t${Version}\\n";
  const names: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "-f" || arg === "--showformat") format = rest.shift() ?? "";
    else if (arg.startsWith("--showformat=")) format = arg.slice("--showformat=".length);
    else if (arg.startsWith("-f")) format = arg.slice(2).replace(/^=/, "");
    else if (/^-W?f/.test(arg)) format = arg.slice(3).replace(/^=/, "") || (rest.shift() ?? "");
    else if (!arg.startsWith("-")) names.push(arg);
  }
  return { format, names };
}

function shown(format: string, name: string, host: HostState): string {
  const found = statusOf(host, name) ?? "installed";
  const fields: Record<string, string> = {
    Package: name,
    "binary:Package": name,
    Architecture: "amd64",
    Version: versionOf(host, name),
    Status: statusText(found),
    "db:Status-Status": found,
    "db:Status-Want": found === "config-files" ? "deinstall" : "install",
    "db:Status-Abbrev": `${LETTERS[found]} `,
  };
  return format
    .replace(/\$\{([\w:-]+)(?:;-?\d+)?\}/g, (_, field: string) => fields[field] ?? "")
    .replace(/\\n/g, "\n")
    .replace(/\\t/g, "\t");
}
