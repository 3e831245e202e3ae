import { sortedKeys } from "../text";
import { SECONDS } from "../timing";
import type { LrmMode, NodeState } from "../types";

export type Modes = Record<string, LrmMode>;

/** What nodes need from their manager; `now` is in seconds. */
export interface NodesContext {
  now(): number;
  log(level: "info" | "notice", message: string): void;
  notify(subject: string): void;
  /** One attempt on the agent lock of a node: whoever has it knows that the node does not run guests any more. */
  lockAgent(node: string): boolean;
}

/** What the cluster tells about a node in one round. */
interface Sighting {
  member: boolean;
  online: boolean;
  maintenance: boolean;
}

/** States of the nodes as the manager sees them. Works on the manager's status and its memory. */
export class Nodes {
  constructor(
    private readonly context: NodesContext,
    readonly states: Record<string, NodeState>,
    private readonly lastOnline: Record<string, number>,
  ) {}

  state(node: string): NodeState {
    return this.states[node] ?? "unknown";
  }

  isOnline(node: string): boolean {
    return this.state(node) === "online";
  }

  isOperational(node: string): boolean {
    return this.isOnline(node) || this.state(node) === "maintenance";
  }

  online(): string[] {
    return this.all().filter((node) => this.isOnline(node));
  }

  all(): string[] {
    return sortedKeys(this.states);
  }

  /** Takes in one round's view: members and whether they are online, and the modes of their LRMs. */
  observe(members: Record<string, boolean>, modes: Modes): void {
    const isUp = (node: string): boolean => members[node] === true;
    for (const node of sortedKeys(members).filter(isUp)) {
      this.lastOnline[node] = this.context.now();
      this.see(node, { member: true, online: true, maintenance: modes[node] === "maintenance" });
    }
    for (const node of this.all().filter((name) => !isUp(name))) {
      const member = members[node] !== undefined;
      this.see(node, { member, online: false, maintenance: modes[node] === "maintenance" });
    }
  }

  /** Whether the node has been away for that many seconds. A new master counts from its own first look. */
  isAway(node: string, delay: number = SECONDS.fenceDelay): boolean {
    if (this.isOnline(node)) return false;
    const now = this.context.now();
    const last = (this.lastOnline[node] ??= now);
    return now - last >= delay;
  }

  /** Marks the node and tries to get its agent lock; true once it is certain that it is dead. */
  fence(node: string): boolean {
    if (this.state(node) !== "fence") {
      this.change(node, "fence");
      this.context.notify(`FENCE: Try to fence node '${node}'`);
    }
    if (!this.context.lockAgent(node)) return false;
    const done = `fencing: acknowledged - got agent lock for node '${node}'`;
    this.context.log("info", done);
    this.change(node, "unknown");
    this.context.notify(`SUCCEED: ${done}`);
    return true;
  }

  private see(node: string, sighting: Sighting): void {
    const state = this.state(node);
    if (state === "gone" && !sighting.online) {
      if (this.isAway(node, SECONDS.goneAfter)) this.forget(node);
      return;
    }
    this.change(node, nextState(state, sighting));
  }

  private change(node: string, state: NodeState): void {
    const before = this.state(node);
    if (state === before) return;
    this.states[node] = state;
    this.context.log("info", `node '${node}': state changed from '${before}' => '${state}'`);
  }

  private forget(node: string): void {
    delete this.states[node];
    delete this.lastOnline[node];
    this.context.log("notice", `deleting gone node '${node}', not a cluster member anymore.`);
  }
}

function nextState(state: NodeState, { member, online, maintenance }: Sighting): NodeState {
  switch (state) {
    case "fence":
      // Only the agent lock ends this.
      return state;
    case "online":
      if (!online) return "unknown";
      return maintenance ? "maintenance" : "online";
    case "maintenance":
      // A node that went down for maintenance is expected to be away.
      if (maintenance) return "maintenance";
      return online ? "online" : "unknown";
    case "unknown":
      if (online) return "online";
      return member ? "unknown" : "gone";
    case "gone":
      return online ? "online" : "gone";
    default: {
      const never: never = state;
      return never;
    }
  }
}
