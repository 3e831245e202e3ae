import type { SiteLoads } from "../environment";
import type { Load } from "../types";
import { rankByTopsis } from "./topsis";
import type { Balancing, Candidate, Usage } from "./usage";

/** CPUs and bytes. */
interface Amount {
  cpu: number;
  mem: number;
}

/** Less than this is noise of the arithmetic. */
const EPSILON = 1e-9;

/** Weights of a placement's criteria, as the documentation has them: memory counts more, and peaks most of all. */
const WEIGHTS = [1, 2, 5, 10];

/**
 * The `static` scheduler counts what guests are configured with, `dynamic` what they use now. Both take shares of
 * the node's CPUs and memory.
 */
export class LoadUsage implements Usage {
  private readonly placed = new Map<string, Set<string>>();

  constructor(
    readonly nodes: string[],
    private readonly loads: SiteLoads,
    private readonly mode: "static" | "dynamic",
  ) {}

  place(sid: string, current?: string, target?: string): void {
    this.placed.set(sid, new Set([current, target].filter((node) => node !== undefined)));
  }

  /** Every node is judged by how the whole cluster would look with the service on it. */
  scores(sid: string): Record<string, number> {
    const extra = this.need(sid);
    const alternatives = this.nodes.map((chosen) => {
      const shares = this.nodes.map((node) =>
        this.share(node, node === chosen ? plus(this.used(node), extra) : this.used(node)),
      );
      const cpus = shares.map(({ cpu }) => cpu);
      const mems = shares.map(({ mem }) => mem);
      // One is added so that tiny shares do not look like big differences.
      return [quadraticMean(cpus), Math.max(...cpus), quadraticMean(mems), Math.max(...mems)].map(
        (value) => 1 + value,
      );
    });
    const ranks = rankByTopsis(alternatives, WEIGHTS);
    return Object.fromEntries(this.nodes.map((node, index) => [node, -(ranks[index] ?? 0)]));
  }

  imbalance(): number {
    return unevenness(this.nodes.map((node) => this.level(node, this.used(node))));
  }

  bestMove(candidates: Candidate[]): Balancing | undefined {
    let best: Balancing | undefined;
    for (const { leader, resources, source, targets } of candidates) {
      const moved = resources.map((sid) => this.need(sid)).reduce(plus, { cpu: 0, mem: 0 });
      for (const target of targets) {
        const levels = this.nodes.map((node) => {
          const used = this.used(node);
          if (node === target) return this.level(node, plus(used, moved));
          return this.level(node, node === source ? minus(used, moved) : used);
        });
        const imbalance = unevenness(levels);
        // Of moves that are as good as each other it is the first.
        if (!best || imbalance < best.imbalance - EPSILON)
          best = { sid: leader, target, imbalance };
      }
    }
    return best;
  }

  /** What the placed guests take of the node and, measured, what else runs there. */
  private used(node: string): Amount {
    const guests = [...this.placed].filter(([, nodes]) => nodes.has(node));
    return guests.map(([sid]) => this.need(sid)).reduce(plus, this.overhead(node));
  }

  private overhead(node: string): Amount {
    const load = this.loads.nodes[node];
    if (this.mode === "static" || load?.cpu === undefined) return { cpu: 0, mem: 0 };
    const running = Object.values(this.loads.guests).filter(
      (guest) => guest.running && guest.node === node,
    );
    const guests = running.map((guest) => this.amount(guest)).reduce(plus, { cpu: 0, mem: 0 });
    return minus({ cpu: load.cpu, mem: load.mem ?? 0 }, guests);
  }

  private need(sid: string): Amount {
    const guest = this.loads.guests[sid];
    return guest ? this.amount(guest) : { cpu: 0, mem: 0 };
  }

  private amount(guest: Load): Amount {
    return this.mode === "static"
      ? { cpu: guest.maxcpu, mem: guest.maxmem }
      : { cpu: guest.cpu ?? guest.maxcpu, mem: guest.mem ?? guest.maxmem };
  }

  private share(node: string, used: Amount): Amount {
    const { maxcpu = 1, maxmem = 1 } = this.loads.nodes[node] ?? {};
    return { cpu: used.cpu / maxcpu, mem: used.mem / maxmem };
  }

  private level(node: string, used: Amount): number {
    const { cpu, mem } = this.share(node, used);
    return (cpu + mem) / 2;
  }
}

function plus(a: Amount, b: Amount): Amount {
  return { cpu: a.cpu + b.cpu, mem: a.mem + b.mem };
}

function minus(a: Amount, b: Amount): Amount {
  return { cpu: Math.max(0, a.cpu - b.cpu), mem: Math.max(0, a.mem - b.mem) };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quadraticMean(values: number[]): number {
  return Math.sqrt(mean(values.map((value) => value ** 2)));
}

function unevenness(values: number[]): number {
  const average = mean(values);
  if (!(average > 0)) return 0;
  return quadraticMean(values.map((value) => value - average)) / average;
}
