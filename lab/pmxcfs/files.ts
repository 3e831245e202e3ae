import { corosyncConf } from "../cluster/corosyncConf";
import { guestListFile, membersFile } from "../cluster/statusFiles";
import { GUEST_FOLDER } from "../guests/config";
import type { Site } from "../site";
import type { HaResource, Pmxcfs } from "../state/types";
import { STORAGE_TYPES } from "../storage/types";
import { clusterLog } from "../tasks/clusterTasks";
import { factorsText, tokenSecretsText, userConfigText } from "./accessText";
import { firewallText } from "./firewallText";
import { guestText } from "./guestText";
import { sectionsOf } from "../notifications/text";
import { sectionsText, settingsText } from "./sectionText";

/** Where pmxcfs is mounted. */
export const CLUSTER = "/etc/pve";

/** Keys that an entry cannot do without, by the file in which it stands. */
const RULE_KEYS: Record<string, readonly string[]> = {
  "node-affinity": ["nodes", "resources"],
  "resource-affinity": ["affinity", "resources"],
};
const SERVER_KEYS = ["port", "server"];
const REALM_KEYS = ["base_dn", "client-id", "domain", "issuer-url", "server1", "user_attr"];

/** What `/etc/pve` shows on one node. */
export interface ClusterTree {
  /** Content by path. */
  files: Map<string, string>;
  /** Folders that are there even when nothing is in them. */
  folders: string[];
  /** Targets by path. */
  links: Map<string, string>;
}

/** The cluster file system as `node` has it mounted, with the files that PVE itself keeps in there. */
export function clusterTree(site: Site, node: string): ClusterTree {
  const config = site.pmxcfs(node);
  if (site.nodeState(node).joining === "blank") return blankTree(site, node, config);
  const names = nodeFolders(site, node, config);
  const below = (entries: Record<string, string | undefined>): [string, string][] =>
    Object.entries(entries).flatMap(([name, content]) =>
      content === undefined || content === "" ? [] : [[`${CLUSTER}/${name}`, content]],
    );
  return {
    files: new Map([
      // Written by hand: there even when it is empty.
      ...Object.entries(config.files ?? {}).map(([name, content]): [string, string] => [
        `${CLUSTER}/${name}`,
        content,
      ]),
      ...below(commonFiles(config)),
      ...below(haFiles(config)),
      ...below(firewallFiles(config)),
      ...names.flatMap((name) => below(nodeFiles(site, config, name))),
      ...below(statusFiles(site, node, config)),
    ]),
    folders: [
      "firewall",
      "ha",
      "mapping",
      "priv",
      "priv/lock",
      "sdn",
      "virtual-guest",
      ...lockFolders(config),
      ...names.flatMap((name) =>
        ["", "/lxc", "/openvz", "/priv", "/qemu-server"].map((part) => `nodes/${name}${part}`),
      ),
    ].map((folder) => `${CLUSTER}/${folder}`),
    links: new Map(
      Object.entries({
        local: "",
        lxc: "/lxc",
        openvz: "/openvz",
        "qemu-server": "/qemu-server",
      }).map(([link, part]) => [`${CLUSTER}/${link}`, `nodes/${node}${part}`]),
    ),
  };
}

/** Of a node that has joined and had no quorum since: it has nothing yet but what it was told of the others. */
function blankTree(site: Site, node: string, { corosync }: Pmxcfs): ClusterTree {
  const conf = corosync ? corosyncConf(corosync) : "";
  return {
    files: new Map([
      [`${CLUSTER}/corosync.conf`, conf],
      [`${CLUSTER}/.members`, membersFile(site, node)],
      [`${CLUSTER}/.version`, "1\n"],
    ]),
    folders: [],
    links: new Map([[`${CLUSTER}/local`, `nodes/${node}`]]),
  };
}

/** The members, and whoever has left something behind. */
function nodeFolders(site: Site, node: string, config: Pmxcfs): string[] {
  const { guests, firewalls, nodeConfigs, ha } = config;
  const names = [
    ...site.members(node),
    ...Object.values(guests).map((guest) => guest.node),
    ...Object.keys(firewalls?.nodes ?? {}),
    ...Object.keys(nodeConfigs ?? {}),
    ...Object.keys(ha.files?.lrm_status ?? {}),
  ];
  return [...new Set(names)].sort();
}

function commonFiles(config: Pmxcfs): Record<string, string | undefined> {
  const { corosync, options, storages, jobs, replication, metricServers, realms } = config;
  const backups = Object.entries(jobs).map(
    ([id, job]) => [id, { type: "vzdump", ...job }] as const,
  );
  return {
    "corosync.conf": corosync && corosyncConf(corosync),
    "datacenter.cfg": settingsText(options ?? {}),
    "domains.cfg": sectionsText(realms ?? {}, () => REALM_KEYS),
    "jobs.cfg": sectionsText(Object.fromEntries(backups), () => ["schedule"]),
    "notifications.cfg": sectionsOf(config.notifications?.entries ?? {}),
    "priv/authorized_keys": config.authorizedKeys,
    "priv/known_hosts": config.knownHosts,
    "priv/notifications.cfg": sectionsOf(config.notifications?.secrets ?? {}),
    "priv/pve-root-ca.key": config.ca.key,
    "priv/tfa.cfg": factorsText(config),
    "priv/token.cfg": tokenSecretsText(config),
    "pve-root-ca.pem": config.ca.certificate,
    "replication.cfg": sectionsText(replication ?? {}, () => ["target"]),
    "status.cfg": sectionsText(metricServers ?? {}, () => SERVER_KEYS),
    "storage.cfg": sectionsText(storages, (type) => STORAGE_TYPES[type]?.required ?? []),
    "user.cfg": userConfigText(config),
  };
}

function haFiles({ ha }: Pmxcfs): Record<string, string | undefined> {
  const resources = Object.entries(ha.resources).map(([sid, resource]) =>
    resourceSection(sid, resource),
  );
  const commands = ha.files?.crm_commands ?? [];
  return {
    "ha/crm_commands": commands.map((line) => `${line}\n`).join(""),
    "ha/groups.cfg": groupsText(ha.groups),
    "ha/manager_status": ha.files && JSON.stringify(ha.files.manager_status),
    "ha/resources.cfg": resources.join(""),
    "ha/rules.cfg": sectionsText(ha.rules, (type) => RULE_KEYS[type] ?? []),
  };
}

/** `vm:100` is a section of type `vm` with id `100`; ids of both types share a file. */
function resourceSection(sid: string, { state, failback, ...rest }: HaResource): string {
  const [type = "", id = ""] = sid.split(":");
  const keys: Record<string, string> = { state };
  if (failback !== undefined) keys.failback = failback ? "1" : "0";
  for (const [key, value] of Object.entries(rest)) keys[key] = String(value);
  return sectionsText({ [id]: { type, ...keys } });
}

/** Groups of release 8. */
function groupsText(groups: Pmxcfs["ha"]["groups"] = {}): string {
  const flag = (on: boolean | undefined): Record<string, string> =>
    on === undefined ? {} : { on: on ? "1" : "0" };
  const sections = Object.entries(groups).map(([name, group]) => {
    const { nodes, comment = "", restricted, nofailback } = group;
    const { on: strict = "" } = flag(restricted);
    const { on: stays = "" } = flag(nofailback);
    return [
      name,
      { type: "group", nodes, comment, restricted: strict, nofailback: stays },
    ] as const;
  });
  return sectionsText(Object.fromEntries(sections), () => ["nodes"]);
}

function firewallFiles({ firewalls = {} }: Pmxcfs): Record<string, string | undefined> {
  const { cluster, guests = {} } = firewalls;
  return {
    "firewall/cluster.fw": cluster && firewallText(cluster),
    ...Object.fromEntries(
      Object.entries(guests).map(([vmid, file]) => [`firewall/${vmid}.fw`, firewallText(file)]),
    ),
  };
}

function nodeFiles(site: Site, config: Pmxcfs, name: string): Record<string, string | undefined> {
  const { firewalls, nodeConfigs, guests, ha } = config;
  const state = site.state.hosts[name]?.node;
  const certificate = state?.pmxcfs === config.id && !state.joining ? state.certificate : undefined;
  const status = ha.files?.lrm_status[name];
  const host = firewalls?.nodes?.[name];
  const here = {
    config: nodeConfigs?.[name] && settingsText(nodeConfigs[name]),
    "host.fw": host && firewallText(host),
    lrm_status: status && JSON.stringify(status),
    "pve-ssl.key": certificate?.key,
    "pve-ssl.pem": certificate?.certificate,
    ...Object.fromEntries(
      Object.values(guests)
        .filter((guest) => guest.node === name)
        .map((guest) => [`${GUEST_FOLDER[guest.type]}/${guest.vmid}.conf`, guestText(guest)]),
    ),
  };
  return Object.fromEntries(
    Object.entries(here).map(([file, content]) => [`nodes/${name}/${file}`, content]),
  );
}

function statusFiles(site: Site, node: string, config: Pmxcfs): Record<string, string> {
  const root = { userid: "root@pam", name: "root@pam" };
  return {
    ".clusterlog": `${JSON.stringify({ data: clusterLog(site, node, root, 50) }, undefined, 1)}\n`,
    ".debug": "0\n",
    ".members": membersFile(site, node),
    ".version": `${config.version}\n`,
    ".vmlist": guestListFile(site, node),
  };
}

/** Locks of the HA manager's daemons. */
function lockFolders({ ha }: Pmxcfs): string[] {
  return Object.keys(ha.files?.locks ?? {}).map((name) => `priv/lock/${name}`);
}
