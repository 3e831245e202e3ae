import { seconds } from "../../../seams/clock";
import type { HaEnvironment } from "../environment";
import { agentLock, type Locks } from "../locks";
import type { ManagerMemory } from "../memory";
import { knowsRules } from "../release";
import { type Affinity, resolveRules } from "../rules/affinity";
import { rulesOfGroups } from "../rules/groups";
import { readRules } from "../rules/rule";
import { sortedKeys } from "../text";
import type { CrsSettings, GroupConfig, LogLevel, OrderResult, Resource } from "../types";
import { createUsage } from "../usage/create";
import { usedNodes } from "../usage/usage";
import { balance } from "./balance";
import { takeCommands } from "./commands";
import { progressDisarm } from "./disarm";
import { tryGroupMigration } from "./groupMigration";
import { type Modes, Nodes } from "./nodes";
import { runServices } from "./services";
import { Turn } from "./turn";

/** What a new master takes over from the status that the last one wrote. */
export function takeOver(env: HaEnvironment, node: string): ManagerMemory {
  const { node_status, service_status, node_request, disarm } = structuredClone(
    env.files.read(node).manager_status,
  );
  return {
    status: {
      master_node: node,
      node_status,
      service_status,
      ...(node_request ? { node_request } : {}),
      ...(disarm ? { disarm } : {}),
    },
    lastOnline: {},
    orders: 0,
    imbalancedRounds: 0,
    disarmed: false,
  };
}

/** The active manager: decides, once a round, which service is where and in which state. */
export class Manager {
  readonly nodes: Nodes;
  private affinity: Affinity = { nodes: {}, together: {}, apart: {} };
  /** What the rules were last resolved from. */
  private rulesSource = "";

  constructor(
    readonly env: HaEnvironment,
    readonly node: string,
    readonly memory: ManagerMemory,
    locks: Locks,
  ) {
    this.nodes = new Nodes(
      {
        now: () => seconds(env.clock),
        log: (level, text) => this.log(level, text),
        notify: (subject) => env.notify(node, subject),
        lockAgent: (other) => locks.attempt(agentLock(other)),
      },
      memory.status.node_status,
      memory.lastOnline,
    );
    this.followScheduler();
  }

  isDisarmed(): boolean {
    return this.memory.disarmed;
  }

  round(): void {
    const { results, modes } = this.readAgents();
    this.nodes.observe(this.env.cluster.members(this.node), modes);
    if (!this.nodes.isOperational(this.node)) {
      this.log("info", "master seems offline");
      return;
    }
    const turn = this.prepare(results, modes);
    takeCommands(turn);
    this.memory.disarmed = false;
    if (this.memory.status.disarm) {
      const unsettled = progressDisarm(turn);
      if (unsettled) runServices(turn, unsettled);
      else this.memory.disarmed = this.memory.status.disarm.state === "disarmed";
    } else {
      balance(turn);
      runServices(turn);
    }
    this.flush();
  }

  private prepare(results: Record<string, OrderResult>, modes: Modes): Turn {
    const crs = this.followScheduler();
    if (knowsRules(this.env, this.node)) tryGroupMigration(this);
    const resources = structuredClone(this.env.config.resources(this.node));
    const groups = this.env.config.groups(this.node);
    if (!this.memory.status.disarm) this.followResources(resources);
    const usage = createUsage(this.env, this.node, this.nodes.online(), crs.ha ?? "basic");
    this.resolveRules(resources, groups);
    const { env, node, memory, nodes, affinity } = this;
    const turn = new Turn({
      ...{ env, node, memory, nodes, resources, groups, results, modes, affinity, usage, crs },
    });
    for (const sid of sortedKeys(turn.services)) turn.count(sid);
    const { guests } = env.config.loads(node);
    for (const [sid, guest] of Object.entries(guests)) {
      if (turn.services[sid] || !guest.running) continue;
      const { current } = usedNodes({ state: "started", node: guest.node, uid: "" }, usage.nodes);
      usage.place(sid, current);
    }
    return turn;
  }

  /** Results and modes of the nodes that the manager knows; an LRM that never wrote counts as active. */
  private readAgents(): { results: Record<string, OrderResult>; modes: Modes } {
    const { lrm_status } = this.env.files.read(this.node);
    const results: Record<string, OrderResult> = {};
    const modes: Modes = {};
    for (const node of this.nodes.all()) {
      modes[node] = lrm_status[node]?.mode ?? "active";
      Object.assign(results, lrm_status[node]?.results);
    }
    return { results, modes };
  }

  private followScheduler(): CrsSettings {
    const crs = this.env.config.settings(this.node).crs ?? {};
    const mode = crs.ha ?? "basic";
    const before = this.memory.scheduler;
    if (before === undefined && mode !== "basic")
      this.log("info", `using scheduler mode '${mode}'`);
    if (before !== undefined && before !== mode) {
      this.log("info", `switching scheduler mode from '${before}' to '${mode}'`);
    }
    this.memory.scheduler = mode;
    return crs;
  }

  /** Takes up new resources and forgets those that are gone or ignored. */
  private followResources(resources: Record<string, Resource>): void {
    const services = this.memory.status.service_status;
    for (const sid of sortedKeys(resources)) {
      const { state, node } = resources[sid] ?? {};
      if (services[sid] || state === "ignored" || node === undefined) continue;
      this.log("info", `adding new service '${sid}' on node '${node}'`);
      // It may be running already; either order leaves it where it is.
      const first = state === "started" ? "request_start" : "request_stop";
      services[sid] = { state: first, node, uid: `${sid}-${node}-${seconds(this.env.clock)}` };
    }
    for (const sid of sortedKeys(services)) {
      const state = resources[sid]?.state;
      if (state !== undefined && state !== "ignored") continue;
      const reason = state === undefined ? "no config" : "ignored state requested";
      this.log("info", `removing stale service '${sid}' (${reason})`);
      delete services[sid];
    }
  }

  /** Resolves the rules again when they, the nodes or the groups' members changed. */
  private resolveRules(
    resources: Record<string, Resource>,
    groups: Record<string, GroupConfig>,
  ): void {
    const nodes = this.nodes.all();
    // A manager of release 8 has never heard of rules.
    const configs = knowsRules(this.env, this.node) ? this.env.config.rules(this.node) : {};
    const members = Object.entries(resources).map(([sid, { group }]) => [sid, group]);
    const source = JSON.stringify([configs, groups, members, nodes]);
    if (source === this.rulesSource) return;
    this.rulesSource = source;
    const rules = [...readRules(configs), ...rulesOfGroups(groups, resources)];
    const { affinity, messages } = resolveRules(rules, nodes);
    for (const text of messages) this.log("info", text);
    this.affinity = affinity;
  }

  private flush(): void {
    this.memory.status.timestamp = seconds(this.env.clock);
    const copy = structuredClone(this.memory.status);
    this.env.files.write(this.node, (files) => {
      files.manager_status = copy;
    });
  }

  private log(level: LogLevel, text: string): void {
    this.env.log(this.node, "crm", level, text);
  }
}
