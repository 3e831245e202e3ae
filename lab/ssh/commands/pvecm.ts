import { die } from "../../api/errors";
import { removeQdevice, setupQdevice } from "../../cluster/qdevice";
import { pvecmStatus } from "../../cluster/statusText";
import { sleep } from "../../seams/clock";
import { asPveCommand, type CommandContext, type Commands, fail, ok, parseArgs } from "../command";
import { reach } from "./ssh";

const NO_CLUSTER =
  "Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster?";

type Sub = (
  words: string[],
  options: Record<string, string>,
  context: CommandContext,
) => ReturnType<Commands[string] & {}>;

const SUBCOMMANDS: Record<string, Sub> = {
  status: (_words, _options, { site, host }) => {
    if (!site.pmxcfs(host.name).corosync) return fail(NO_CLUSTER, 255);
    const { text, exitCode } = pvecmStatus(site, host.name);
    return { stdout: text, stderr: "", exitCode };
  },
  nodes: (_words, _options, { site, host }) => {
    const { corosync } = site.pmxcfs(host.name);
    if (!corosync) return fail(NO_CLUSTER, 255);
    const view = site.quorum.view(host.name);
    const lines = corosync.nodes
      .filter((node) => view.members.includes(node.nodeid))
      .map((node) => {
        const local = node.name === host.name ? " (local)" : "";
        return `${String(node.nodeid).padStart(10)} ${String(node.votes).padStart(10)} ${node.name}${local}`;
      });
    return ok(
      `\nMembership information\n----------------------\n    Nodeid      Votes Name\n${lines.join("\n")}\n`,
    );
  },
  apiver: () => ok("1\n"),
  updatecerts: () => ok("(re)generate node files\nmerge authorized SSH keys\n"),
  create: async ([name = ""], options, { site, host }) => {
    await site.membership.create(host.name, name, options.link0 ? { link0: options.link0 } : {});
    return ok(
      "Corosync Cluster Engine Authentication key generator.\nGathering 2048 bits for key from /dev/urandom.\nWriting corosync key to /etc/corosync/authkey.\nWriting corosync config to /etc/pve/corosync.conf\nRestart corosync and cluster filesystem\n",
    );
  },
  add: async ([address = ""], options, context) => {
    const { site, host } = context;
    if (context.cwd.startsWith("/etc/pve"))
      throw die("can't run with working directory inside '/etc/pve'");
    if (options.use_ssh === undefined) throw die("the lab's pvecm asks nothing: use --use_ssh");
    const obstacles = site.membership.obstacles(host.name, options.link0?.split(",")[0]);
    if (obstacles.length > 0 && options.force === undefined) {
      throw die(
        `detected the following error(s):\n${obstacles.map((line) => `* ${line}`).join("\n")}\nCheck if node may join a cluster failed!`,
      );
    }
    const member = reach(context, address, ["-o", "BatchMode=yes"]);
    if ("exitCode" in member) {
      return fail(`${member.stderr}unable to copy ssh ID: exit code ${member.exitCode}`, 255);
    }
    await site.membership.join(host.name, member.name, {
      ...(options.link0 ? { link0: options.link0 } : {}),
      ...(options.nodeid ? { nodeid: Number(options.nodeid) } : {}),
      ...(options.votes ? { votes: Number(options.votes) } : {}),
    });
    return ok(
      `copy corosync auth key\nstopping pve-cluster service\nbackup old database to '/var/lib/pve-cluster/backup/config.sql.gz'\nwaiting for quorum...OK\n(re)generate node files\ngenerate new node certificate\nmerge authorized SSH keys\nsuccessfully added node '${host.name}' to cluster.\n`,
    );
  },
  delnode: ([name = ""], _options, { site, host }) => {
    site.membership.remove(host.name, name);
    return ok(`Killing node ${name}\n`);
  },
  expected: ([votes = ""], _options, { site, host }) => {
    if (!/^[1-9]\d*$/.test(votes))
      throw die(
        `400 Parameter verification failed.\nexpected: type check ('integer') failed - got '${votes}'`,
      );
    if (Number(votes) < site.quorum.votes(host.name).total)
      throw die("Unable to set expected votes: CS_ERR_INVALID_PARAM");
    site.quorum.setExpected(host.name, Number(votes));
    return ok();
  },
  qdevice: async ([action = "", address = ""], options, context) => {
    const { site, host } = context;
    if (action === "remove") {
      removeQdevice(site, host.name);
      return ok("Stopping QDevice services\nRemoved Qdevice.\n");
    }
    if (action !== "setup") return fail(`ERROR: unknown command 'pvecm qdevice ${action}'`, 255);
    if (!context.site.pmxcfs(host.name).corosync) return fail(NO_CLUSTER, 255);
    const witness = reach(context, address, []);
    if ("exitCode" in witness)
      return fail(`${witness.stderr}ssh-copy-id failed with exit code 1`, 255);
    setupQdevice(site, host.name, witness, options.force !== undefined);
    await sleep(site.clock, 500);
    return ok(
      `INFO: initializing qnetd server\nINFO: copying CA cert and initializing on all nodes\nINFO: generating cert request\nINFO: add QDevice to cluster configuration\nINFO: start and enable corosync qdevice daemon on nodes...\nReloading corosync.conf...\nDone\n`,
    );
  },
};

export const pvecmCommands: Commands = {
  pvecm: (args, context) =>
    asPveCommand(() => {
      const [name = "", ...rest] = args;
      const sub = SUBCOMMANDS[name];
      if (!sub) return fail(`ERROR: unknown command 'pvecm ${name}'`, 255);
      const { positional, options } = parseArgs(rest, ["use_ssh", "force"]);
      return sub(positional, options, context);
    }),
};
