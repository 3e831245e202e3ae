import { createHash } from "node:crypto";
import { seconds } from "../../../seams/clock";
import type { HaEnvironment } from "../environment";
import type { ManagerMemory } from "../memory";
import type { Affinity } from "../rules/affinity";
import { failsBack } from "../rules/groups";
import type {
  CrsSettings,
  GroupConfig,
  LogLevel,
  OrderResult,
  Resource,
  ServiceState,
  ServiceStatus,
} from "../types";
import { type Usage, usedNodes } from "../usage/usage";
import type { Modes, Nodes } from "./nodes";
import { type Preference, selectNode } from "./placement";

/** All that the decisions of one manager round look at. */
export interface TurnData {
  env: HaEnvironment;
  node: string;
  memory: ManagerMemory;
  nodes: Nodes;
  resources: Record<string, Resource>;
  groups: Record<string, GroupConfig>;
  results: Record<string, OrderResult>;
  modes: Modes;
  affinity: Affinity;
  usage: Usage;
  crs: CrsSettings;
}

/** A service whose resource has gone is treated as one that shall not run. */
const REMOVED: Resource = { state: "disabled", max_restart: 0, max_relocate: 0, failback: false };

/** One round of the manager: what it knows, and the one way to change a service's state. */
export class Turn {
  constructor(readonly data: TurnData) {}

  get services(): Record<string, ServiceStatus> {
    return this.data.memory.status.service_status;
  }

  resource(sid: string): Resource {
    return this.data.resources[sid] ?? REMOVED;
  }

  /** The answer to the order that the service's present state gives. */
  result(service: ServiceStatus): OrderResult | undefined {
    return this.data.results[service.uid];
  }

  log(level: LogLevel, message: string): void {
    this.data.env.log(this.data.node, "crm", level, message);
  }

  /** 22 characters like PVE's, different for every order of every master. */
  newUid(state: string): string {
    const { env, node, memory } = this.data;
    const text = `${state}${node}${seconds(env.clock)}-${++memory.orders}`;
    return createHash("md5").update(text).digest("base64").slice(0, 22);
  }

  select(sid: string, preference: Preference): string | undefined {
    const { affinity, usage, groups } = this.data;
    const failback = failsBack(this.data.resources[sid], groups);
    return selectNode({ sid, services: this.services, affinity, usage, failback, preference });
  }

  /** A new state is a new order: only node, failures and the way back from maintenance outlive the old one. */
  change(
    sid: string,
    state: ServiceState,
    params: { node?: string; target?: string; timeout?: number } = {},
  ): void {
    const before = this.services[sid];
    if (!before || before.state === state) throw new Error(`no state change of '${sid}'`);
    const { node, failed_nodes, maintenance_node } = before;
    const service: ServiceStatus = {
      state,
      node,
      uid: this.newUid(state),
      ...(failed_nodes ? { failed_nodes } : {}),
      ...(maintenance_node ? { maintenance_node } : {}),
      ...params,
    };
    this.services[sid] = service;
    this.count(sid);
    const words = (["node", "target", "timeout"] as const)
      .filter((key) => params[key] !== undefined)
      .map((key) => `${key} = ${params[key]}`);
    const suffix = words.length > 0 ? `  (${words.join(", ")})` : "";
    this.log(
      "info",
      `service '${sid}': state changed from '${before.state}' to '${state}'${suffix}`,
    );
  }

  /** Brings the load that the service puts on nodes up to date. */
  count(sid: string): void {
    const { current, target } = usedNodes(this.services[sid], this.data.usage.nodes);
    this.data.usage.place(sid, current, target);
  }
}
