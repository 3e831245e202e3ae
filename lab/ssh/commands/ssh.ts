import { ensureRootKey, linesOf, SYSTEM_KNOWN_HOSTS } from "../../cluster/sshKeys";
import type { Site } from "../../site";
import { publicKeyOf } from "../../state/sshKey";
import type { HostState } from "../../state/types";
import { isMounted } from "../../system/nodes";
import { type Command, type CommandContext, type Commands, fail, ok, quote } from "../command";

/** Options of ssh that take a value. */
const VALUED = ["-o", "-i", "-l", "-p", "-F", "-e"];
const KNOWN_HOSTS = "/root/.ssh/known_hosts";

/** SSH from one of the lab's hosts to another, with the same checks of host key and login as on a network. */
export const sshCommands: Commands = {
  ssh: async (args, context) => {
    const { target, command, options } = splitSshArgs(args);
    const reached = reach(context, target, options);
    if ("exitCode" in reached) return reached;
    const learnt = learnHostKey(context, target, reached);
    const remote = context.shellOf(reached.name);
    const stdin = options.includes("-n") ? "" : context.stdin;
    const result = await remote.exec(command.join(" "), stdin);
    if (!context.site.hardware.canReach(context.host.name, reached.name)) {
      return fail(`${learnt}Connection to ${reached.address} closed by remote host.`, 255);
    }
    return { ...result, stderr: `${learnt}${result.stderr}` };
  },
  "ssh-copy-id": async (args, context) => {
    const { target, options } = splitSshArgs(args);
    const reached = reach(context, target, options);
    if ("exitCode" in reached) return { ...reached, exitCode: 1 };
    return ok(
      "/usr/bin/ssh-copy-id: WARNING: All keys were skipped because they already exist on the remote system.\n",
    );
  },
  "ssh-keygen": async (args, context) => {
    const { files } = context.host;
    const file = optionValue(args, "-f") ?? "/root/.ssh/id_rsa";
    if (args.includes("-F")) return lookUp(args, context);
    if (args.includes("-y")) {
      const text = files[file]?.content;
      return text === undefined
        ? fail(`${file}: No such file or directory`, 255)
        : ok(`${publicKeyOf(text)}\n`);
    }
    if (file !== "/root/.ssh/id_rsa") return fail("only /root/.ssh/id_rsa is made in the lab");
    if (files[file]) return { ...fail(""), stdout: `${file} already exists.\nOverwrite (y/n)? ` };
    await ensureRootKey(context.host);
    return ok(args.includes("-q") ? "" : `Your identification has been saved in ${file}\n`);
  },
  "ssh-keyscan": (args, { site, host }) => {
    const address = args.at(-1) ?? "";
    const target = site.hostAt(address);
    if (!target || !site.hardware.canReach(host.name, target.name)) return fail("", 1);
    return ok(`${address} ${publicKeyOf(target.sshHostKey)}\n`);
  },
};

/** Whether root of this host may log in at `target` now; else what ssh says. */
export function reach(context: CommandContext, target: string, options: string[]) {
  const { site, host } = context;
  const { user, address } = destination(target, options);
  const remote = site.hostAt(address);
  if (!remote)
    return fail(`ssh: Could not resolve hostname ${address}: Name or service not known`, 255);
  if (!site.hardware.canReach(host.name, remote.name)) {
    return fail(`ssh: connect to host ${address} port 22: No route to host`, 255);
  }
  const known = knownKeys(site, host, address);
  const lax = options.some((option) => /StrictHostKeyChecking=(no|accept-new)/.test(option));
  const trusted = known.includes(publicKeyOf(remote.sshHostKey)) || (lax && known.length === 0);
  if (!trusted) return fail("Host key verification failed.", 255);
  const key = identity(host, options);
  if (user !== "root" || key === undefined || !authorizedKeys(site, remote).includes(key)) {
    return fail(`${user}@${address}: Permission denied (publickey,password).`, 255);
  }
  return remote;
}

/**
 * Keys that root accepts on a host: its own files, and the cluster's where the first is a link. Without pmxcfs, and on
 * a node that has joined and not had quorum yet, that link leads nowhere.
 */
export function authorizedKeys(site: Site, host: HostState): string[] {
  const own = ["/root/.ssh/authorized_keys", "/root/.ssh/authorized_keys2"].flatMap((path) =>
    linesOf(host.files[path]?.content ?? ""),
  );
  const isLink = host.files["/root/.ssh/authorized_keys"]?.link !== undefined;
  const readable = isLink && isMounted(host) && host.node?.joining !== "blank";
  const shared = readable ? linesOf(site.pmxcfs(host.name).authorizedKeys) : [];
  return [...own, ...shared].map(bareKey);
}

/** The public half of the key that a client would offer: the one that is named, or root's RSA key. */
function identity(host: HostState, options: string[]): string | undefined {
  const file = optionValue(options, "-i") ?? "/root/.ssh/id_rsa";
  const text = host.files[file]?.content;
  return text === undefined ? undefined : publicKeyOf(text);
}

/** Host keys that this host knows for `address`: root's own file, and the system's where there is one. */
function knownKeys(site: Site, host: HostState, address: string): string[] {
  const system = host.files[SYSTEM_KNOWN_HOSTS];
  const shared = system?.link !== undefined && host.node ? site.pmxcfs(host.name).knownHosts : "";
  const own = host.files[KNOWN_HOSTS]?.content ?? "";
  return linesOf(`${own}\n${system?.content ?? ""}\n${shared}`)
    .map((line) => line.split(" "))
    .filter(([names = ""]) => names.split(",").includes(address))
    .map((words) => words.slice(1, 3).join(" "));
}

/** A host that was let in without being known is known from then on. */
function learnHostKey({ site, host }: CommandContext, target: string, remote: HostState): string {
  const { address } = destination(target, []);
  if (knownKeys(site, host, address).length > 0) return "";
  const file = (host.files[KNOWN_HOSTS] ??= { content: "", mode: 0o600 });
  file.content += `${address} ${publicKeyOf(remote.sshHostKey)}\n`;
  return `Warning: Permanently added '${address}' (ED25519) to the list of known hosts.\n`;
}

/** `USER@ADDRESS`, or `-l USER` before it; root when nobody is named. */
function destination(target: string, options: string[]): { user: string; address: string } {
  const at = target.lastIndexOf("@");
  const joined = options.find((option) => /^-l./.test(option))?.slice(2);
  const named = optionValue(options, "-l") ?? joined ?? "root";
  return at < 0
    ? { user: named, address: target }
    : { user: target.slice(0, at), address: target.slice(at + 1) };
}

/** `ssh-keygen -F NAME [-f FILE]`, without hashed names and patterns. */
const lookUp: Command = async (args, { exec }) => {
  const name = optionValue(args, "-F") ?? "";
  const file = optionValue(args, "-f") ?? KNOWN_HOSTS;
  const lines = linesOf((await exec(`cat ${quote([file])}`, "")).stdout);
  const found = lines.filter((line) => (line.split(" ")[0] ?? "").split(",").includes(name));
  return found.length > 0 ? ok(`${found.join("\n")}\n`) : fail("", 1);
};

function splitSshArgs(args: string[]): { target: string; command: string[]; options: string[] } {
  let index = 0;
  while (index < args.length && (args[index] ?? "").startsWith("-")) {
    index += VALUED.includes(args[index] ?? "") ? 2 : 1;
  }
  return {
    target: args[index] ?? "",
    command: args.slice(index + 1),
    options: args.slice(0, index),
  };
}

function optionValue(args: string[], option: string): string | undefined {
  const index = args.indexOf(option);
  return index < 0 ? undefined : args[index + 1];
}

/** `type base64`, without options and comment. */
function bareKey(line: string): string {
  return /(ssh-\S+|ecdsa-\S+) (\S+)/.exec(line)?.[0] ?? line;
}
