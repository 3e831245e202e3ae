import { exportOptions, isSquashed, mountAt, mountAnswers, mountsOf } from "../../node/mounts";
import { sleep } from "../../seams/clock";
import { exportsOf, listedExports } from "../../storage/exports";
import type { ExecResult } from "just-bash";
import { type Command, type CommandContext, type Commands, fail, ok } from "../command";
import { columns } from "./table";

/** Minutes for which mount.nfs tries a server that does not answer (nfs(5), option `retry`). */
const RETRY = 2;

/** Options of mount and findmnt that take a value. */
const VALUED = ["-t", "-o", "--types", "--options", "-T", "--target", "-S", "--source", "-M"];

const mount: Command = async (args, context) => {
  const { site, host } = context;
  const { words, values } = split(args);
  if (words.length === 0) {
    const lines = mountsOf(site, host).map(
      ({ source, target, options }) => `${source} on ${target} type nfs4 (${options})\n`,
    );
    return ok(lines.join(""));
  }
  const [source = "", target = ""] = words;
  const type = values["-t"] ?? values["--types"] ?? (source.includes(":") ? "nfs" : "");
  if (/^nfs4?$/.test(type) && !context.host.packages.includes("nfs-common")) {
    return fail(
      `mount: ${target}: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.`,
      32,
    );
  }
  if (!/^nfs4?$/.test(type)) return fail(`mount: ${target}: the lab mounts nothing but NFS`, 32);
  const there = await context.exec(`test -d '${target}'`, "");
  if (there.exitCode !== 0) return fail(`mount.nfs: mount point ${target} does not exist`, 32);
  const [server = "", path = ""] = source.split(/:(.*)/s);
  const options = values["-o"] ?? values["--options"] ?? "rw";
  const retry = Number(/(?:^|,)retry=(\d+)/.exec(options)?.[1] ?? RETRY);
  const deadline = site.clock.now() + retry * 60_000;
  for (;;) {
    const exported = exportsOf(site, host.name, server);
    if (exported?.includes(path)) break;
    if (exported) return fail(`mount.nfs: access denied by server while mounting ${source}`, 32);
    if (context.signal?.aborted || site.clock.now() >= deadline) {
      const remote = site.hostAt(server);
      const heard = remote && site.hardware.canReach(host.name, remote.name);
      const why = heard ? "Connection refused" : "No route to host";
      return fail(`mount.nfs: ${why} for ${source} on ${target}`, 32);
    }
    await sleep(site.clock, 1000);
  }
  (host.mounts ??= []).push({ source, target, options, bootedAt: host.bootedAt });
  return ok();
};

const umount: Command = (args, { site, host }) => {
  const [place = ""] = args.filter((arg) => !arg.startsWith("-"));
  const found = mountsOf(site, host).find(
    ({ source, target }) => target === place.replace(/(.)\/$/, "$1") || source === place,
  );
  if (!found) return fail(`umount: ${place}: not mounted.`, 32);
  // Proxmox VE mounts a storage of its own again within its next ten seconds.
  if (args.some((arg) => /^-[a-z]*l|^--lazy$/.test(arg))) return ok();
  const stays = (host.mounts ?? []).filter(({ target }) => target !== found.target);
  if (stays.length === (host.mounts ?? []).length)
    return fail(`umount: ${place}: target is busy.`, 32);
  host.mounts = stays;
  return ok();
};

const findmnt: Command = (args, { site, host }) => {
  const { words, values, flags } = split(args);
  const all = [
    {
      source: host.node ? "/dev/mapper/pve-root" : "/dev/sda1",
      target: "/",
      type: "ext4",
      options: "rw,relatime",
    },
    ...(host.node
      ? [
          {
            source: "/dev/fuse",
            target: "/etc/pve",
            type: "fuse",
            options: "rw,nosuid,nodev,relatime",
          },
        ]
      : []),
    ...mountsOf(site, host).map((entry) => ({ ...entry, type: "nfs4" })),
  ];
  const inside = values["-T"] ?? values["--target"];
  const type = values["-t"] ?? values["--types"];
  const named = words[0] ?? values["-M"];
  const chosen = all
    .filter((entry) => named === undefined || entry.target === named || entry.source === named)
    .filter(
      (entry) => type === undefined || type.split(",").some((one) => entry.type.startsWith(one)),
    )
    .filter(
      (entry) =>
        inside === undefined ||
        `${inside}/`.startsWith(entry.target === "/" ? "/" : `${entry.target}/`),
    );
  const shown = inside === undefined ? chosen : chosen.slice(-1);
  if (shown.length === 0) return fail("");
  const names = (values["-o"] ?? values["--output"] ?? "TARGET,SOURCE,FSTYPE,OPTIONS").split(",");
  const cell = (entry: (typeof all)[number], name: string): string =>
    ({ TARGET: entry.target, SOURCE: entry.source, FSTYPE: entry.type, OPTIONS: entry.options })[
      name.toUpperCase()
    ] ?? "";
  const rows = shown.map((entry) => names.map((name) => cell(entry, name)));
  const bare = /n/.test(flags) || args.includes("--noheadings");
  return ok(columns(bare ? rows : [names.map((name) => name.toUpperCase()), ...rows]));
};

/** Mounts, exports, and what may be done on them. */
export const mountCommands: Commands = {
  mount,
  "mount.nfs": (args, context) => mount(["-t", "nfs", ...args], context),
  umount,
  findmnt,
  mountpoint: (args, { site, host }) => {
    const [path = ""] = args.filter((arg) => !arg.startsWith("-"));
    const is =
      path === "/" ||
      path === "/etc/pve" ||
      mountsOf(site, host).some(({ target }) => target === path);
    if (args.includes("-q")) return fail("", is ? 0 : 32);
    return is
      ? ok(`${path} is a mountpoint\n`)
      : { ...ok(`${path} is not a mountpoint\n`), exitCode: 32 };
  },
  nfsstat: (_args, { site, host }) =>
    ok(
      mountsOf(site, host)
        .map(({ source, target, options }) => `${target} from ${source}\n Flags:\t${options}\n\n`)
        .join(""),
    ),
  showmount: (args, context) => {
    const { site, host } = context;
    const server = args.find((arg) => !arg.startsWith("-")) ?? host.address;
    const exported = listedExports(site, host.name, server);
    if (!exported) {
      const remote = site.hostAt(server);
      const heard = remote && site.hardware.canReach(host.name, remote.name);
      if (!remote) return fail(`clnt_create: RPC: Unknown host`);
      return fail(
        heard
          ? "clnt_create: RPC: Program not registered"
          : "clnt_create: RPC: Unable to receive; errno = No route to host",
      );
    }
    const head = args.includes("--no-headers") ? "" : `Export list for ${server}:\n`;
    return ok(`${head}${columns(exported.map((path) => [path, "*"]))}`);
  },
  exportfs,
  chown: (args, context) => changeOwner("chown", args, context),
  chgrp: (args, context) => changeOwner("chgrp", args, context),
};

/** `exportfs -o rw,no_root_squash '*:/srv/more'` exports a directory until somebody takes it back. */
async function exportfs(args: string[], context: CommandContext): Promise<ExecResult> {
  const { site, host } = context;
  if (args.some((arg) => /^-\w*[arfu]/.test(arg))) return ok();
  const { words, values } = split(args);
  for (const word of words) {
    const path = word.slice(word.indexOf(":") + 1);
    if (!word.includes(":/")) return fail(`exportfs: Invalid exporting option: ${word}`, 1);
    const there = await context.exec(`test -d '${path}'`, "");
    if (there.exitCode !== 0)
      return fail(`exportfs: Failed to stat ${path}: No such file or directory`, 1);
    const key = `${host.address}:${path}`;
    site.state.exports[key] ??= [];
    (site.state.exportOptions ??= {})[key] = values["-o"] ?? "ro,sync,root_squash";
  }
  if (words.length > 0) return ok();
  const verbose = args.some((arg) => /^-\w*[vs]/.test(arg));
  const own = Object.keys(site.state.exports).filter((key) => key.startsWith(`${host.address}:`));
  const lines = own.map((key) => {
    const path = key.slice(host.address.length + 1);
    return verbose
      ? `${path.padEnd(15)}\t<world>(${exportOptions(site, key)})\n`
      : `${path.padEnd(15)}\t<world>\n`;
  });
  return ok(lines.join(""));
}

/** The lab's files are root's; what counts is whether root may give them away. */
async function changeOwner(name: string, args: string[], context: CommandContext) {
  const { site, host, cwd } = context;
  const [, ...paths] = args.filter((arg) => !arg.startsWith("-"));
  if (paths.length === 0) return fail(`${name}: missing operand`);
  for (const given of paths) {
    const path = given.startsWith("/") ? given : `${cwd}/${given}`;
    const mounted = mountAt(site, host, path);
    const found = await context.exec(`test -e '${path}'`, "");
    if (found.exitCode !== 0)
      return fail(`${name}: cannot access '${given}': No such file or directory`);
    if (mounted && mountAnswers(site, host, mounted) && isSquashed(site, mounted)) {
      return fail(`${name}: changing ownership of '${given}': Operation not permitted`);
    }
  }
  return ok();
}

function split(args: string[]) {
  const words: string[] = [];
  const values: Record<string, string> = {};
  let flags = "";
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const [long = "", inline] = arg.split(/=(.*)/s);
    if (arg.startsWith("--") && inline !== undefined) values[long] = inline;
    else if (VALUED.includes(arg) || arg === "--output") values[arg] = args[++index] ?? "";
    else if (/^-[a-z]*o$/.test(arg)) {
      // `findmnt -no FIELDS`
      flags += arg.slice(1, -1);
      values["-o"] = args[++index] ?? "";
    } else if (arg.startsWith("-")) flags += arg.startsWith("--") ? "" : arg.slice(1);
    else words.push(arg);
  }
  return { words, values, flags };
}
