import type { HaEnvironment } from "../environment";
import type { ManagerMemory } from "../memory";
import { hasMinVersion, RULES_SINCE } from "../release";
import { failsBack, ruleConfigsOfGroups } from "../rules/groups";
import { errorText, sortedKeys } from "../text";
import { SECONDS } from "../timing";
import type { LogLevel } from "../types";
import type { Nodes } from "./nodes";
import { countActive } from "./services";

interface Context {
  env: HaEnvironment;
  /** Of the active manager. */
  node: string;
  memory: ManagerMemory;
  nodes: Nodes;
}

/** Rounds that a new master waits, and those between two tries. */
const ROUNDS = { first: 3, next: 6 };

/**
 * Turns groups into rules for good once every node is online, of release 9, and at its usual work
 * (PVE::HA::Manager, try_persistent_group_migration). Until then the manager follows both.
 */
export function tryGroupMigration(context: Context): void {
  const { env, node, memory } = context;
  if (Object.keys(env.config.groups(node)).length === 0) return;
  memory.groupMigrationIn = (memory.groupMigrationIn ?? ROUNDS.first) - 1;
  if (memory.groupMigrationIn > 0) return;
  memory.groupMigrationIn = ROUNDS.next;
  const log = (level: LogLevel, text: string): void => env.log(node, "crm", level, text);
  log("notice", "start ha group migration...");
  try {
    requireReadiness(context, (text) => log("notice", `ha groups migration: ${text}`));
    migrate(context, (what) => log("notice", `ha groups migration: ${what} successful`));
  } catch (error) {
    log("err", `abort ha groups migration: ${errorText(error)}`);
    log("err", "ha groups migration failed");
    const wait = ROUNDS.next * SECONDS.round;
    log("notice", `retry ha groups migration in ${ROUNDS.next} rounds (~ ${wait} seconds)`);
    return;
  }
  log("notice", "ha groups migration successful");
}

/** @throws with the first thing that is in the way. */
function requireReadiness({ env, node, memory, nodes }: Context, note: (text: string) => void) {
  if (!env.cluster.isQuorate(node)) throw new Error("cluster is not quorate");
  const { lrm_status } = env.files.read(node);
  for (const name of nodes.all()) {
    note(`node '${name}' is in state '${nodes.state(name)}'`);
    if (!nodes.isOnline(name)) throw new Error(`node '${name}' is not online`);
    const lrm = lrm_status[name];
    if (!lrm) throw new Error(`could not retrieve state for lrm '${name}'`);
    note(`lrm '${name}' is in state '${lrm.state}' and mode '${lrm.mode}'`);
    const idle =
      lrm.state === "wait_for_agent_lock" && countActive(memory.status.service_status, name) === 0;
    if (lrm.state !== "active" && !idle)
      throw new Error(`lrm '${name}' is not in state 'active' or 'idle'`);
    if (lrm.mode !== "active") throw new Error(`lrm '${name}' is not in mode 'active'`);
    const version = env.cluster.version(node, name);
    if (version === undefined) throw new Error(`could not retrieve version from node '${name}'`);
    note(`node '${name}' has version '${version}'`);
    if (!hasMinVersion(version, RULES_SINCE))
      throw new Error(`node '${name}' needs at least pve-manager version '${RULES_SINCE}'`);
  }
}

function migrate({ env, node }: Context, done: (what: string) => void): void {
  const { config } = env;
  const groups = config.groups(node);
  const resources = config.resources(node);
  config.writeRules(node, { ...config.rules(node), ...ruleConfigsOfGroups(groups, resources) });
  done("migration to rules config");
  const members = sortedKeys(resources).filter((sid) => resources[sid]?.group !== undefined);
  const failback = members.map((sid) => [sid, failsBack(resources[sid], groups)] as const);
  config.leaveGroups(node, Object.fromEntries(failback));
  done("migration to resources config");
  config.deleteGroups(node);
  done("group config deletion");
}
