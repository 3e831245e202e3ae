import { badParameters, die, PveError } from "../../api/errors";
import { commandFailed, NO_CLUSTER, removeQdevice, setupQdevice } from "../../cluster/qdevice";
import { mergeRootKey } from "../../cluster/sshKeys";
import { pvecmNodes, pvecmStatus } from "../../cluster/statusText";
import { sleep } from "../../seams/clock";
import type { HostState } from "../../state/types";
import { asPveCommand, type CommandContext, type Commands, fail, ok, parseArgs } from "../command";
import { reach } from "./ssh";
import { isTimedOut } from "./timeout";

type Sub = (
  words: string[],
  options: Record<string, string>,
  context: CommandContext,
) => ReturnType<Commands[string] & {}>;

/** How long `pvecm updatecerts` waits for quorum, and how often it says so. */
const UPDATE_LIMIT_S = 80;
const UPDATE_NOTICE_S = 5;

const SUBCOMMANDS: Record<string, Sub> = {
  status: (_words, _options, { site, host }) => {
    if (!site.pmxcfs(host.name).corosync) return fail(NO_CLUSTER, 255);
    return pvecmStatus(site, host.name);
  },
  nodes: (_words, _options, { site, host }) =>
    site.pmxcfs(host.name).corosync ? pvecmNodes(site, host.name) : fail(NO_CLUSTER, 255),
  apiver: () => ok("1\n"),
  updatecerts: (_words, options, context) => updateCertificates(options, context),
  create: async ([name = ""], options, { site, host }) => {
    const keyExists = host.files["/etc/corosync/authkey"] !== undefined;
    await site.membership.create(host.name, name, joinOptions(options));
    const keygen =
      "Corosync Cluster Engine Authentication key generator.\nGathering 2048 bits for key from /dev/urandom.\nWriting corosync key to /etc/corosync/authkey.\n";
    return ok(
      `${keyExists ? "" : keygen}Writing corosync config to /etc/pve/corosync.conf\nRestart corosync and cluster filesystem\n`,
    );
  },
  add: ([address = ""], options, context) => addThisNode(address, options, context),
  delnode: ([name = ""], _options, { site, host }) => {
    const alive = site
      .pmxcfs(host.name)
      .corosync?.nodes.find((member) => member.name === name || member.address === name);
    const seen = alive !== undefined && site.quorum.sees(host.name, alive.name);
    const id = site.membership.remove(host.name, name);
    const stderr = seen ? "" : "Could not kill node (error = CS_ERR_NOT_EXIST)\n";
    return { stdout: `Killing node ${id}\n`, stderr, exitCode: 0 };
  },
  expected: ([votes = ""], _options, { site, host }) => {
    if (!/^[+-]?\d+$/.test(votes))
      throw badParameters({ expected: `type check ('integer') failed - got '${votes}'` });
    if (Number(votes) < 1)
      throw badParameters({ expected: "value must have a minimum value of 1" });
    if (!site.pmxcfs(host.name).corosync) throw die(NO_CLUSTER);
    return site.quorum.setExpected(host.name, Number(votes))
      ? ok()
      : fail("Unable to set expected votes: CS_ERR_INVALID_PARAM");
  },
  qdevice: async ([action = "", address = ""], options, context) => {
    const { site, host } = context;
    if (action === "remove") {
      removeQdevice(site, host.name);
      return ok("\nRemoved Qdevice.\n");
    }
    if (action !== "setup") return fail(`ERROR: unknown command 'pvecm qdevice ${action}'`, 255);
    if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(address)) {
      throw badParameters({
        address: "invalid format - value does not look like a valid IP address\n",
      });
    }
    const names = site.members(host.name);
    setupQdevice(site, host.name, () => copyKey(address, context), options.force !== undefined);
    await sleep(site.clock, 500);
    return ok(qdeviceSetupText(names));
  },
};

/** `pvecm add ADDRESS --use_ssh` on the node that joins (CLI/pvecm.pm). */
async function addThisNode(
  address: string,
  options: Record<string, string>,
  context: CommandContext,
) {
  const { site, host, cwd } = context;
  if (cwd === "/etc/pve" || cwd.startsWith("/etc/pve/")) {
    throw die("Navigate out of /etc/pve before running 'pvecm add', for example by running 'cd'.");
  }
  if (options.use_ssh === undefined) throw die("the lab's pvecm asks nothing: use --use_ssh");
  const obstacles = site.membership.obstacles(host.name, joinOptions(options));
  const found = `detected the following error(s):\n${obstacles.map((line) => `* ${line}\n`).join("")}`;
  if (obstacles.length > 0 && options.force === undefined) {
    throw die(`${found}Check if node may join a cluster failed!`);
  }
  const warning =
    obstacles.length > 0 ? `${found}\nWARNING : detected error but forced to continue!\n\n` : "";
  const member = reach(context, address, ["-o", "BatchMode=yes"]);
  if ("exitCode" in member) return fail(`${warning}unable to copy ssh ID: exit code 1`, 255);
  const fallback =
    options.link0 === undefined
      ? `No cluster network links passed explicitly, fallback to local node IP '${host.address}'\n`
      : "";
  try {
    const killed = (): boolean => context.run.killed || isTimedOut(context.run);
    await site.membership.join(host.name, member.name, { ...joinOptions(options), killed });
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    const passed = Object.entries(options)
      .filter(([key]) => ["nodeid", "votes", "link0", "link1"].includes(key))
      .map(([key, value]) => ` --${key} ${value}`);
    const link = fallback === "" ? "" : ` --new_node_ip ${host.address}`;
    const command = `ssh ${address} -o BatchMode=yes pvecm addnode ${host.name} --force 1`;
    return {
      stdout: fallback,
      stderr: `${warning}${error.message}\nunable to add node: command failed (${command}${passed.join("")}${link})\n`,
      exitCode: 255,
    };
  }
  const backup = Object.keys(host.files)
    .filter((path) => path.startsWith("/var/lib/pve-cluster/backup/"))
    .at(-1);
  return {
    stdout: `${fallback}copy corosync auth key\nstopping pve-cluster service\nbackup old database to '${backup}'\nwaiting for quorum...OK\n(re)generate node files\ngenerate new node certificate\nmerge authorized SSH keys\ngenerated new node certificate, restart pveproxy and pvedaemon services\nsuccessfully added node '${host.name}' to cluster.\n`,
    stderr: warning,
    exitCode: 0,
  };
}

async function updateCertificates(options: Record<string, string>, { site, host }: CommandContext) {
  const silent = options.silent !== undefined;
  let stdout = "";
  for (let waited = 0; !site.quorum.isQuorate(host.name); waited++) {
    if (waited === UPDATE_LIMIT_S) {
      const message =
        "got timeout when trying to ensure cluster certificates and base file hierarchy is set up - no quorum (yet) or hung pmxcfs?\n";
      return { stdout, stderr: message, exitCode: silent ? 0 : 255 };
    }
    if (!silent && waited % UPDATE_NOTICE_S === 0)
      stdout += "waiting for pmxcfs mount to appear and get quorate...\n";
    await sleep(site.clock, 1000);
  }
  const joining = site.nodeState(host.name).joining !== undefined;
  const force = options.force !== undefined || joining;
  if (joining) mergeRootKey(host, site.pmxcfs(host.name));
  if (force) await site.membership.renewCertificate(host.name);
  const lines = [
    "(re)generate node files",
    ...(force ? ["generate new node certificate"] : []),
    "merge authorized SSH keys",
  ];
  return ok(silent ? stdout : `${stdout}${lines.join("\n")}\n`);
}

/** `ssh-copy-id -i /root/.ssh/id_rsa` to the witness, which asks nothing only if the key is there already. */
function copyKey(address: string, context: CommandContext): HostState {
  const witness = reach(context, address, ["-i", "/root/.ssh/id_rsa"]);
  if (!("exitCode" in witness)) return witness;
  throw commandFailed(
    witness.stderr.trimEnd(),
    `ssh-copy-id -i /root/.ssh/id_rsa root@${address}`,
    1,
  );
}

function joinOptions(options: Record<string, string>) {
  return {
    ...(options.link0 ? { link0: options.link0 } : {}),
    ...(options.link1 ? { link1: options.link1 } : {}),
    ...(options.nodeid ? { nodeid: Number(options.nodeid) } : {}),
    ...(options.votes ? { votes: Number(options.votes) } : {}),
  };
}

function qdeviceSetupText(nodes: string[]): string {
  const steps = [
    "initializing qnetd server",
    "copying CA cert and initializing on all nodes",
    "generating cert request",
    "copying exported cert request to qnetd server",
    "sign and export cluster cert",
    "copy exported CRT",
    "import certificate",
    "copy and import pk12 cert to all nodes",
    "add QDevice to cluster configuration",
    ...nodes.map((name) => `start and enable corosync qdevice daemon on node '${name}'...`),
  ];
  return `${steps.map((step) => `\nINFO: ${step}\n`).join("")}Reloading corosync.conf...\nDone\n`;
}

export const pvecmCommands: Commands = {
  pvecm: (args, context) =>
    asPveCommand(() => {
      const [name = "", ...rest] = args;
      const sub = SUBCOMMANDS[name];
      if (!sub) return fail(`ERROR: unknown command 'pvecm ${name}'`, 255);
      const { positional, options } = parseArgs(rest, ["use_ssh", "force", "silent"]);
      return sub(positional, options, context);
    }),
};
