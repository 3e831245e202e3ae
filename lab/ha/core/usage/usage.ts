import type { ServiceStatus } from "../types";

/** A move that would make the load more even. */
export interface Balancing {
  sid: string;
  target: string;
  /** Imbalance after it. */
  imbalance: number;
}

/** Resources that move together, led by the first of them, and where to. */
export interface Candidate {
  leader: string;
  resources: string[];
  source: string;
  targets: string[];
}

/** How loaded the online nodes are, in the measure of one scheduler. */
export interface Usage {
  readonly nodes: string[];
  /** Counts the service where it is and where it goes; an earlier entry is replaced. */
  place(sid: string, current?: string, target?: string): void;
  /** The lower the better. */
  scores(sid: string): Record<string, number>;
  /** Standard deviation of the nodes' loads over their mean; 0 when even, or when the scheduler has no loads. */
  imbalance(): number;
  bestMove(candidates: Candidate[]): Balancing | undefined;
}

/** Online nodes that a service loads: where it is, and where it goes. */
export function usedNodes(
  service: ServiceStatus | undefined,
  online: string[],
): { current?: string; target?: string } {
  if (!service) return {};
  const on = (node: string | undefined): node is string =>
    node !== undefined && online.includes(node);
  const current = on(service.node) ? { current: service.node } : {};
  const target = on(service.target) ? { target: service.target } : {};
  switch (service.state) {
    case "stopped":
    case "request_start":
      return {};
    case "request_start_balance":
      return target;
    case "migrate":
    case "relocate":
      return { ...current, ...target };
    case "started":
    case "request_stop":
    case "fence":
    case "freeze":
    case "error":
    case "recovery":
      return current;
    default: {
      const never: never = service.state;
      return never;
    }
  }
}
