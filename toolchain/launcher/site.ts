import { join } from "node:path";
import { writeBundle } from "./bundle";
import { type Asked, type Choice, choose, offlineNodes, unreachableGuests } from "./choose";
import { type Connection, LAB_COMMAND, STAND_IN_VARIABLE } from "./connections";
import { LauncherError } from "./errors";
import { writeWhole } from "./files";
import { type NodeReport, probe } from "./probe";
import type { Settings } from "./settings";
import { type StackFile, stackFileName } from "./stackFile";

/** Commands that can leave resources out. */
const EXCLUDING = ["preview", "pre", "up", "update", "refresh", "destroy", "down", "dn"];

/** Type of the component whose resources only their own node answers for. */
const NODE_FIREWALL = "proxmox-ha:firewall:NodeFirewall";

export interface Run {
  root: string;
  stack: string;
  file: StackFile;
  connections: Record<string, Connection>;
  command: string | undefined;
  environment: NodeJS.ProcessEnv;
}

/** Adds the node to work through, the certificates to trust, and what is known of the site at this moment. */
export async function addSite(settings: Settings, run: Run): Promise<void> {
  const { root, stack, connections, environment } = run;
  const choice = await findNode(run);
  const { report } = choice;
  if (report.cluster) settings.cluster = report.cluster.name;
  const bundle = join(root, `.stamps/ca-${stack}.pem`);
  writeBundle(bundle, report.authority, environment);
  // A file, because the list of a large site is longer than a variable may be.
  const inventory = join(root, `.stamps/inventory-${stack}.json`);
  const { guests, storages, ha } = report;
  writeWhole(inventory, JSON.stringify({ guests, storages, ha }));
  Object.assign(settings.variables, {
    PROXMOX_VE_ENDPOINT: connections[report.name]?.web ?? "",
    SSL_CERT_FILE: bundle,
    PROXMOX_HA_CONNECTIONS: JSON.stringify(connections),
    PROXMOX_HA_INVENTORY: inventory,
    // The program adds the authority once there is one, before the provider's first request.
    ...(report.authority ? {} : { PROXMOX_HA_BUNDLE: bundle }),
  });
  if (!EXCLUDING.includes(run.command ?? "") || namesTargets(settings.args)) return;
  for (const node of offlineNodes(choice)) {
    settings.args = [...settings.args, "--exclude", `**${NODE_FIREWALL}$**::${node}`];
  }
  for (const { vmid, node, urn } of unreachableGuests(choice, stack)) {
    settings.leftOut.push({ node, vmid, name: urn.split("::").at(-1) ?? urn });
    settings.args = [...settings.args, "--exclude", urn];
  }
}

/** The CLI takes either targets or exclusions. Who names targets has left out the rest already. */
function namesTargets(args: string[]): boolean {
  return args.some((arg) => /^(--target(=|$)|-t)/.test(arg));
}

async function findNode(run: Run): Promise<Choice> {
  const { file, connections, environment } = run;
  // An endpoint that is already set is a wish: that node first, if it is one of ours and answers.
  const wished = (connection: Connection): number =>
    Number(connection.web === environment.PROXMOX_VE_ENDPOINT);
  const asked = file.nodes
    .flatMap(({ name }) => (connections[name] ? [{ name, connection: connections[name] }] : []))
    .sort((a, b) => wished(b.connection) - wished(a.connection))
    .map(({ name, connection }) => ({ name, answer: probe(name, connection) }));
  if (asked.length === 0) throw new LauncherError(nobodyToAsk(run));
  const choice = await choose(asked, file);
  if (!choice) throw new LauncherError(await noNode(asked, run));
  refuseOtherCluster(choice.report, run);
  refuseOldRelease(choice.report, run);
  [...choice.notices, ...unnamedMembers(choice.report, run)].forEach(tell);
  return choice;
}

function nobodyToAsk({ stack, file }: Run): string {
  const names = file.nodes.map(({ name }) => name).join(", ");
  const where = `${stackFileName(stack)}: proxmox-ha:site.nodes`;
  return names === ""
    ? `${where} is missing or empty, so there is no node to ask.`
    : `${where} names ${names}, but the lab has none of them. See what it has: ${LAB_COMMAND} status`;
}

/** Going on would found a second cluster in Pulumi's eyes. A file without a name is the program's to refuse. */
function refuseOtherCluster({ name, cluster }: NodeReport, run: Run): void {
  const { stack, file, environment } = run;
  if (!cluster || file.clusterName === "" || cluster.name === file.clusterName) return;
  const anew = onLab(file, environment)
    ? `begin anew with an empty lab: ${LAB_COMMAND} reset; rm -r .state`
    : "correct the addresses of the nodes, or install them anew";
  throw new LauncherError(
    `${name} is in cluster ${cluster.name}, but ${stackFileName(stack)} says ${file.clusterName} ` +
      "(proxmox-ha:site.cluster.name). A cluster's name is permanent.\n" +
      `Set it to ${cluster.name} if that is the cluster you mean; else ${anew}`,
  );
}

/** Every call about a group would fail, and every HA resource look changed. */
function refuseOldRelease({ upgraded }: NodeReport, { stack, file }: Run): void {
  if (!upgraded || file.release !== 8) return;
  throw new LauncherError(
    `Cluster ${file.clusterName} was upgraded to Proxmox VE 9, which has made HA rules of the groups, but ${stackFileName(stack)} ` +
      `says release 8. Take the stack there: npm run -s ops -- release switch --stack ${stack}`,
  );
}

/** Nobody answers, or no cluster is found and the node that would create it cannot be asked. */
async function noNode(asked: Asked[], { stack, file, environment }: Run): Promise<string> {
  const { clusterName, founder } = file;
  const reasons = await Promise.all(asked.map(silence));
  const silent = reasons.filter((reason) => reason !== undefined);
  const hint = onLab(file, environment)
    ? `\nDoes the lab run? ${LAB_COMMAND} status; start it: ${LAB_COMMAND} start`
    : "";
  const list = `${silent.join("\n")}${hint}`;
  if (silent.length === asked.length) return `No node answers over SSH:\n${list}`;
  if (asked.some(({ name }) => name === founder)) {
    return `${founder} does not answer over SSH. It is to create cluster ${clusterName}, in which no other node is:\n${list}`;
  }
  const names = asked.map(({ name }) => name).join(", ");
  return (
    `No node is in cluster ${clusterName} yet, and the one to create it is none of ${names}: ` +
    `${founder || "nobody"}. Correct ${stackFileName(stack)}: proxmox-ha:site.cluster.founder`
  );
}

/** Why a node gave no answer; undefined when it did. */
function silence({ name, answer }: Asked): Promise<string | undefined> {
  return answer.then(
    () => undefined,
    (error: Error) => `  ${name}: ${error.message}`,
  );
}

function onLab(file: StackFile, environment: NodeJS.ProcessEnv): boolean {
  return file.lab || Boolean(environment[STAND_IN_VARIABLE]);
}

/** Members that the file does not name, or no longer: no update touches them, they keep their vote. */
function unnamedMembers({ members, cluster }: NodeReport, { stack, file }: Run): string[] {
  const named = new Set(file.nodes.map(({ name }) => name));
  const unnamed = cluster ? Object.keys(members).filter((name) => !named.has(name)) : [];
  return unnamed.map(
    (name) =>
      `${name} is a member of cluster ${cluster?.name}, but ${stackFileName(stack)} does not name it. It stays a member, ` +
      `with its vote, until: npm run -s ops -- node remove ${name} --stack ${stack}`,
  );
}

/** To standard error: standard output is for the shell script that started this. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
