import { ensureRootKey, linesOf } from "../../cluster/sshKeys";
import type { Site } from "../../site";
import { publicKeyOf } from "../../state/sshKey";
import type { HostState } from "../../state/types";
import { type Command, type CommandContext, type Commands, fail, ok } from "../command";

/** Options of ssh that take a value. */
const VALUED = ["-o", "-i", "-l", "-p", "-F"];

/** SSH from one of the lab's hosts to another, with the same checks of host key and login as on a network. */
export const sshCommands: Commands = {
  ssh: async (args, context) => {
    const { target, command, options } = splitSshArgs(args);
    const reached = reach(context, target, options);
    if ("exitCode" in reached) return reached;
    const remote = context.shellOf(reached.name);
    return remote.exec(command.join(" "), options.includes("-n") ? "" : context.stdin);
  },
  "ssh-copy-id": async (args, context) => {
    const { target } = splitSshArgs(args);
    const reached = reach(context, target, []);
    if ("exitCode" in reached) return reached;
    return ok(
      "/usr/bin/ssh-copy-id: WARNING: All keys were skipped because they already exist on the remote system.\n",
    );
  },
  "ssh-keygen": async (args, context) => {
    const file = optionValue(args, "-f") ?? "/root/.ssh/id_rsa";
    if (args.includes("-F")) return lookUp(args, context);
    if (args.includes("-y")) {
      const text = context.host.files[file]?.content;
      return text === undefined
        ? fail(`${file}: No such file or directory`)
        : ok(`${publicKeyOf(text)}\n`);
    }
    if (file !== "/root/.ssh/id_rsa") return fail("only /root/.ssh/id_rsa is made in the lab");
    await ensureRootKey(context.host);
    return ok(`Your identification has been saved in ${file}\n`);
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
  const address = target.replace(/^.*@/, "");
  const remote = site.hostAt(address);
  if (!remote)
    return fail(`ssh: Could not resolve hostname ${address}: Name or service not known`, 255);
  if (!site.hardware.canReach(host.name, remote.name)) {
    return fail(`ssh: connect to host ${address} port 22: No route to host`, 255);
  }
  const lax = options.some((option) => /StrictHostKeyChecking=(no|accept-new)/.test(option));
  if (!lax && !knows(site, host, address, remote))
    return fail("Host key verification failed.", 255);
  if (!mayLogIn(site, host, remote)) {
    return fail(`root@${address}: Permission denied (publickey,password).`, 255);
  }
  return remote;
}

/** Keys that root accepts on a host: its own file, and the cluster's where that file is a link. */
export function authorizedKeys(site: Site, host: HostState): string[] {
  const file = host.files["/root/.ssh/authorized_keys"];
  const own = file && file.link === undefined ? linesOf(file.content) : [];
  const shared =
    file?.link !== undefined && host.node ? linesOf(site.pmxcfs(host.name).authorizedKeys) : [];
  return [...own, ...shared].map(bareKey);
}

function mayLogIn(site: Site, from: HostState, to: HostState): boolean {
  const key = from.files["/root/.ssh/id_rsa.pub"]?.content;
  return key !== undefined && authorizedKeys(site, to).includes(bareKey(key));
}

function knows(site: Site, host: HostState, address: string, remote: HostState): boolean {
  const shared = host.node ? site.pmxcfs(host.name).knownHosts : "";
  const own = host.files["/root/.ssh/known_hosts"]?.content ?? "";
  const key = publicKeyOf(remote.sshHostKey);
  // Members of one cluster trust each other's keys through pmxcfs.
  const sameCluster = host.node && remote.node && host.node.pmxcfs === remote.node.pmxcfs;
  return (
    Boolean(sameCluster) ||
    linesOf(`${own}\n${shared}`).some((line) => {
      const [names = "", ...rest] = line.split(" ");
      return names.split(",").includes(address) && rest.slice(0, 2).join(" ") === key;
    })
  );
}

const lookUp: Command = (args, { host }) => {
  const name = optionValue(args, "-F") ?? "";
  const lines = linesOf(host.files["/root/.ssh/known_hosts"]?.content ?? "");
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
