import type { Usage } from "./usage";

/** The default scheduler: a node's load is the number of services on it. */
export class BasicUsage implements Usage {
  private readonly placed = new Map<string, Set<string>>();

  constructor(readonly nodes: string[]) {}

  place(sid: string, current?: string, target?: string): void {
    this.placed.set(sid, new Set([current, target].filter((node) => node !== undefined)));
  }

  scores(): Record<string, number> {
    const all = [...this.placed.values()];
    const count = (node: string): number => all.filter((nodes) => nodes.has(node)).length;
    return Object.fromEntries(this.nodes.map((node) => [node, count(node)]));
  }

  /** Counts are no loads: this scheduler never moves a service to even them out. */
  imbalance(): number {
    return 0;
  }

  bestMove(): undefined {
    return undefined;
  }
}
