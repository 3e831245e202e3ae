import type { OrderFacts } from "./site";

/** URNs of all resources that the engine creates after `urn`, at whatever distance. */
export function waitingFor(order: OrderFacts[], urn: string): Set<string> {
  const dependants = dependantsIn(order);
  const found = new Set<string>();
  const open = [urn];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const dependant of dependants.get(next) ?? []) {
      if (found.has(dependant)) continue;
      found.add(dependant);
      open.push(dependant);
    }
  }
  return found;
}

const made = new WeakMap<OrderFacts[], Map<string, string[]>>();

function dependantsIn(order: OrderFacts[]): Map<string, string[]> {
  const known = made.get(order);
  if (known) return known;
  const dependants = new Map<string, string[]>();
  for (const { urn, parent, needs } of order) {
    // A resource is registered after its component, and so after all that the component waits for.
    for (const needed of [...needs, parent]) {
      const others = dependants.get(needed);
      if (others) others.push(urn);
      else dependants.set(needed, [urn]);
    }
  }
  made.set(order, dependants);
  return dependants;
}
