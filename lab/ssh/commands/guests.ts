import type { ExecResult } from "just-bash";
import { callAsRoot } from "../../api/dispatch";
import { die } from "../../api/errors";
import { requireGuest, requireWritable } from "../../guests/config";
import { seconds } from "../../seams/clock";
import type { Site } from "../../site";
import type { Guest } from "../../state/types";
import { APPLIANCES } from "../../storage/appliances";
import { asPveCommand, type CommandContext, type Commands, fail, ok, parseArgs } from "../command";
import { pctRestore } from "./backup";
import { finish } from "./finish";
import { importDisk } from "./importDisk";
import { printList, VERBS, withValues } from "./guestVerbs";

const MIB = 1024 ** 2;

/** `qm`, `pct` and `pveam`, as far as the bootstrap and a curious operator use them. */
export const guestCommands: Commands = {
  qm: (args, context) => guestCommand("qemu", args, context),
  pct: (args, context) =>
    args[0] === "restore" ? pctRestore(args.slice(1), context) : guestCommand("lxc", args, context),
  pveam: (args, context) => asPveCommand(() => applianceCommand(args, context)),
};

type Row = Record<string, unknown>;

function guestCommand(type: Guest["type"], args: string[], { site, host }: CommandContext) {
  return asPveCommand(async () => {
    const { positional, options } = parseArgs(withValues(args));
    const [first = "", second = ""] = positional;
    const base = `/nodes/${host.name}/${type}`;
    const command = type === "qemu" ? "qm" : "pct";
    if (first === "list") {
      return ok(printList(type, (await callAsRoot(site, host.name, "GET", base)) as Row[]));
    }
    const twoWords = VERBS[type][`${first} ${second}`];
    const verb = twoWords ?? VERBS[type][first];
    const [vmid = "", ...rest] = positional.slice(twoWords ? 2 : 1);
    if (first === "unlock") return unlock(site, host.name, type, Number(second));
    const isImport = first === "importdisk" || `${first} ${second}` === "disk import";
    if (type === "qemu" && isImport) {
      return importDisk(site, host.name, positional.slice(first === "disk" ? 2 : 1), options);
    }
    if (first === "create") return create(site, host.name, type, positional.slice(1), options);
    if (!verb) return fail(`ERROR: unknown command '${command} ${first}'`, 255);
    const given = Object.fromEntries((verb.args ?? []).map((name, index) => [name, rest[index]]));
    const missing = (verb.args ?? []).find((name) => given[name] === undefined);
    if (vmid === "" || missing !== undefined) return fail("400 not enough arguments", 255);
    const path = verb.path.replace(/\{(\w+)\}/g, (_, name: string) => given[name] ?? "");
    const inPath = [...verb.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const params = Object.fromEntries(
      Object.entries({ ...given, ...options }).filter(([name]) => !inPath.includes(name)),
    ) as Record<string, string>;
    if (verb.print) {
      const { verbose: _verbose, ...asked } = params;
      const data = await callAsRoot(site, host.name, "GET", `${base}/${vmid}${path}`, asked);
      return ok(verb.print(data, options));
    }
    const data = await callAsRoot(site, host.name, verb.method, `${base}/${vmid}${path}`, params);
    return finish(site, data);
  });
}

async function create(
  site: Site,
  node: string,
  type: Guest["type"],
  [vmid = "", ostemplate]: string[],
  options: Record<string, string>,
): Promise<ExecResult> {
  const params = { vmid, ...(ostemplate === undefined ? {} : { ostemplate }), ...options };
  return finish(site, await callAsRoot(site, node, "POST", `/nodes/${node}/${type}`, params));
}

/** Takes away whatever lock the guest has. `pct` minds when there is none. */
async function unlock(
  site: Site,
  node: string,
  type: Guest["type"],
  vmid: number,
): Promise<ExecResult> {
  const guest = requireGuest(site, node, type, vmid);
  if (guest.config.lock === undefined && type === "lxc") {
    throw die("no lock found trying to remove any lock");
  }
  requireWritable(site, guest);
  delete guest.config.lock;
  delete guest.pending?.set.lock;
  await site.commit();
  return ok();
}

/** The template index: `pveam download STORAGE NAME` puts an archive on a storage. */
function applianceCommand(args: string[], { site, host }: CommandContext) {
  const [verb = "", storage = "", name = ""] = args;
  if (verb === "update") return ok("update successful\n");
  if (verb === "available") {
    const rows = Object.keys(APPLIANCES).map((entry) => `system          ${entry}`);
    return ok(`${rows.join("\n")}\n`);
  }
  if (verb !== "list" && verb !== "download")
    return fail(`ERROR: unknown command 'pveam ${verb}'`, 255);
  site.storages.requireUsable(host.name, storage, "vztmpl");
  const volumes = site.storages.volumes(host.name, storage);
  if (verb === "list") {
    const rows = volumes
      .filter(({ content }) => content === "vztmpl")
      .map((volume) => `${storage}:${volume.name} ${Math.round(volume.size / MIB)}MB`);
    return ok(
      `NAME                                                         SIZE\n${rows.join("\n")}\n`,
    );
  }
  const size = APPLIANCES[name];
  if (size === undefined)
    return fail(`400 Parameter verification failed.\ntemplate: no such template`, 255);
  const file = `vztmpl/${name}`;
  if (!volumes.some((volume) => volume.name === file)) {
    volumes.push({
      name: file,
      content: "vztmpl",
      format: name.slice(name.indexOf(".tar") + 1),
      size,
      ctime: seconds(site.clock),
    });
  }
  return ok(`downloading ${name} to ${storage}\ncalculating checksum...OK, checksum verified\n`);
}
