import { ARCHIVES } from "../../node/archives";
import type { ExecResult } from "just-bash";
import { upgradeNode } from "../../node/release";
import { isDiskFull, ROOT_DISK } from "../../storage/fullDisks";
import { FRONTEND_LOCK, LISTS_LOCK, lockHolder, lockRefusal, takeLock } from "../../system/aptLock";
import { updateLists, badSources } from "../../system/aptUpdate";
import { dpkgOf, globbed, isGlob, statusOf, unconfigured } from "../../system/dpkg";
import { PACKAGES } from "../../system/packageTable";
import { isAvailable, type Plan, resolvePackages } from "../../system/resolve";
import { readSources } from "../../system/sources";
import { Transaction } from "../../system/transaction";
import { type Command, type CommandContext, type Commands, fail, ok } from "../command";
import { type AptArguments, aptArguments, flagOf, optionOf } from "./aptArguments";
import { aptQueryCommands, listCommand } from "./aptQuery";
import { planText, simulation } from "./aptText";

const READING =
  "Reading package lists...\nBuilding dependency tree...\nReading state information...\n";
const SUB_PROCESS = "E: Sub-process /usr/bin/dpkg returned an error code (1)\n";
const INTERRUPTED =
  "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n";
const NO_ROOM = "E: You don't have enough free space in /var/cache/apt/archives/.\n";
const VERBS: Record<string, Verb> = {
  install: (args) => ({ install: args.words, upgrade: "none" }),
  reinstall: (args) => ({ install: args.words }),
  remove: (args) => ({ remove: args.words, purge: flagOf(args, "purge") }),
  purge: (args) => ({ remove: args.words, purge: true }),
  autoremove: (args) => ({ autoremove: true, remove: args.words, purge: flagOf(args, "purge") }),
  autopurge: (args) => ({ autoremove: true, remove: args.words, purge: true }),
  upgrade: () => ({ upgrade: "all" }),
  "dist-upgrade": () => ({ upgrade: "all" }),
  "full-upgrade": () => ({ upgrade: "all" }),
};
type Verb = (args: AptArguments) => Parameters<typeof resolvePackages>[1];

const apt: Command = async (words, context) => {
  const { site, host } = context;
  const args = aptArguments(words);
  const { verb } = args;
  if (verb === "clean" || verb === "autoclean") return ok();
  if (verb === "update") return update(context, args);
  if (verb === "check") return ok(READING);
  const wanted = VERBS[verb];
  if (!wanted) return fail(`E: Invalid operation ${verb}`, 100);
  const { malformed } = readSources(host);
  if (malformed.length > 0) return badSources(malformed);
  const simulated = flagOf(args, "s", "simulate", "just-print", "dry-run", "no-act");
  const release = simulated
    ? undefined
    : await takeLock(site, host, verb === "" ? "apt" : "apt-get", lockTimeout(args));
  if (!simulated && !release) return refused(lockRefusal(lockHolder(site, host), FRONTEND_LOCK));
  try {
    return await change(wanted(args), args, context, simulated);
  } finally {
    release?.();
  }
};

async function change(
  asked: ReturnType<Verb>,
  args: AptArguments,
  context: CommandContext,
  simulated: boolean,
): Promise<ExecResult> {
  const { site, host } = context;
  if (dpkgOf(host).interrupted) return refused(INTERRUPTED);
  if (args.verb === "install" || args.verb === "remove" || args.verb === "purge") {
    const named = selectNames(context, args);
    if ("exitCode" in named) return named;
    if (args.verb === "install") {
      asked.install = named.names;
      asked.remove = named.removed;
    } else asked.remove = named.names;
  }
  const released = /^(dist|full)-upgrade$/.test(args.verb) && !simulated && upgradeNode(site, host);
  const resolution = resolvePackages(host, asked);
  if ("problem" in resolution) return { ...refused(resolution.problem), stdout: READING };
  const { plan } = resolution;
  const broken = unconfigured(host);
  const already = (asked.install ?? []).filter(
    (name) => statusOf(host, name) === "installed" && !plan.upgrade.includes(name),
  );
  const auto = dpkgOf(host).auto ?? [];
  if (!simulated) dpkgOf(host).auto = auto.filter((name) => !asked.install?.includes(name));
  const missing = (asked.remove ?? [])
    .filter((name) => statusOf(host, name) === undefined)
    .map((name) => `Package '${name}' is not installed, so not removed\n`);
  const notes = already.map((name) => `${name} is already the newest version.\n`).join("");
  const head = `${READING}${missing.join("")}${notes}${planText(plan)}`;
  if (simulated) return ok(`${head}${simulation(host, plan)}`);
  const hooked = removesProxmox(host.files, plan);
  if (hooked !== undefined) return { stdout: head, stderr: hooked, exitCode: 100 };
  const changes = [...plan.install, ...plan.upgrade, ...plan.remove, ...plan.purge];
  if (changes.length === 0 && broken.length === 0) return ok(head);
  if (!mayGoOn(args, plan, asked, context)) {
    return { stdout: `${head}Do you want to continue? [Y/n] Abort.\n`, stderr: "", exitCode: 1 };
  }
  const fetches = plan.install.length + plan.upgrade.length > 0;
  if (fetches && isDiskFull(site, host.name, ROOT_DISK)) {
    return { stdout: head, stderr: NO_ROOM, exitCode: 100 };
  }
  if (fetches && !site.hardware.isPlugged(host.name)) return unfetched(head, plan);
  if (flagOf(args, "d", "download-only")) {
    return ok(`${head}Download complete and in download only mode\n`);
  }
  const { stdout, stderr, exitCode } = await new Transaction(
    site,
    host,
    keepOf(args),
    context.run,
  ).run(plan);
  const quiet = args.quiet >= 2;
  return {
    stdout: `${quiet ? "" : head}${stdout}${released ? "The release of this node is another now.\n" : ""}`,
    stderr: exitCode === 0 ? stderr : `${stderr}${SUB_PROCESS}`,
    exitCode: exitCode === 0 ? 0 : 100,
  };
}

async function update(context: CommandContext, args: AptArguments): Promise<ExecResult> {
  const { site, host } = context;
  // DPkg::Lock::Timeout is about dpkg's lock alone.
  const release = await takeLock(site, host, "apt-get", 0);
  if (!release) return refused(lockRefusal(lockHolder(site, host), LISTS_LOCK));
  try {
    if (isDiskFull(site, host.name, ROOT_DISK)) {
      return refused(
        "E: Write error - write (28: No space left on device)\nE: The package lists or status file could not be parsed or opened.\n",
      );
    }
    const strict = optionOf(args, "APT::Update::Error-Mode") === "any";
    const result = updateLists(site, host, strict);
    return args.quiet >= 2 ? { ...result, stdout: "" } : result;
  } finally {
    release();
  }
}

const refused = (stderr: string): ExecResult => ({ stdout: "", stderr, exitCode: 100 });

/** Packages for the words of the command: names, globs, `name-` to remove, `name=version`. */
function selectNames({ host }: CommandContext, { words }: AptArguments) {
  const known = Object.keys(PACKAGES).filter(
    (name) => isAvailable(host, name) || statusOf(host, name) !== undefined,
  );
  const names: string[] = [];
  const removed: string[] = [];
  for (const word of words) {
    const bare = word.replace(/[=/:].*$/, "");
    if (isGlob(bare)) {
      const found = globbed(bare, known);
      if (found.length === 0) return notFound(word, true);
      names.push(...found);
    } else if (known.includes(bare) || host.packages.includes(bare)) names.push(bare);
    else if (bare.endsWith("-") && known.includes(bare.slice(0, -1)))
      removed.push(bare.slice(0, -1));
    else return notFound(word, false);
  }
  return { names, removed };
}

function notFound(word: string, glob: boolean): ExecResult {
  const more = glob ? `E: Couldn't find any package by glob '${word}'\n` : "";
  return { stdout: READING, stderr: `E: Unable to locate package ${word}\n${more}`, exitCode: 100 };
}

/** pve-apt-hook: nobody takes the meta package away by accident. */
function removesProxmox(files: Record<string, unknown>, plan: Plan): string | undefined {
  if (!plan.remove.includes("proxmox-ve") || files["/please-remove-proxmox-ve"]) return undefined;
  const lines = [
    "!! WARNING !!",
    "You are attempting to remove the meta-package 'proxmox-ve'!",
    "",
    "If you really want to permanently remove 'proxmox-ve' from your system, run the following command",
    "\ttouch '/please-remove-proxmox-ve'",
    "run apt purge proxmox-ve to remove the meta-package",
    "and repeat your apt invocation.",
    "",
    "If you are unsure why 'proxmox-ve' would be removed, please verify",
    "\t- your APT repository settings",
    "\t- that you are using 'apt full-upgrade' to upgrade your system",
  ];
  return `${lines.map((line) => `W: (pve-apt-hook) ${line}\n`).join("")}E: Sub-process /usr/share/proxmox-ve/pve-apt-hook returned an error code (1)\nE: Failure running script /usr/share/proxmox-ve/pve-apt-hook\n`;
}

/** apt asks when it would do more than it was told. */
function mayGoOn(
  args: AptArguments,
  plan: Plan,
  asked: ReturnType<Verb>,
  { stdin }: CommandContext,
): boolean {
  const named = [...(asked.install ?? [])];
  const more =
    plan.install.some((name) => !named.includes(name)) ||
    plan.remove.length + plan.purge.length > 0 ||
    plan.upgrade.some((name) => !named.includes(name));
  return !more || flagOf(args, "y", "yes", "assume-yes") || args.quiet >= 2 || /^y/i.test(stdin);
}

function unfetched(head: string, { install, upgrade }: Plan): ExecResult {
  const [first = ""] = [...install, ...upgrade];
  const name = PACKAGES[first]?.origin === "pve" ? ARCHIVES.proxmox : ARCHIVES.debian;
  return {
    stdout: head,
    stderr: `E: Failed to fetch http://${name}/debian/pool/main/${first}.deb  Temporary failure resolving '${name}'\nE: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n`,
    exitCode: 100,
  };
}

const lockTimeout = (args: AptArguments): number =>
  Number(optionOf(args, "DPkg::Lock::Timeout") ?? 0);

function keepOf({ options }: AptArguments): "old" | "new" | "ask" {
  const given = options.filter(([key]) => /^dpkg::options/i.test(key)).map(([, value]) => value);
  if (given.includes("--force-confnew")) return "new";
  return given.some((value) => /^--force-conf(old|def)$/.test(value)) ? "old" : "ask";
}

export const aptCommands: Commands = {
  ...aptQueryCommands,
  "apt-get": apt,
  apt: async (args, context) => {
    const warning =
      "\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n";
    const [verb = ""] = args.filter((arg) => !arg.startsWith("-"));
    const { stdout, stderr, exitCode } = await (verb === "list"
      ? listCommand(args, context)
      : verb === "policy" || verb === "show"
        ? (aptQueryCommands["apt-cache"] as Command)(args, context)
        : apt(args, context));
    return { stdout, stderr: `${warning}${stderr}`, exitCode };
  },
};
