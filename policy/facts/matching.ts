/** Whether every guest can have a node of its own among its choices (Kuhn's algorithm for bipartite matching). */
export function canBeApart(choices: string[][]): boolean {
  const taken = new Map<string, number>();
  const place = (guest: number, tried: Set<string>): boolean =>
    (choices[guest] ?? []).some((node) => {
      if (tried.has(node)) return false;
      tried.add(node);
      const other = taken.get(node);
      if (other !== undefined && !place(other, tried)) return false;
      taken.set(node, guest);
      return true;
    });
  const nodes = new Set(choices.flat());
  return choices.length <= nodes.size && choices.every((_, guest) => place(guest, new Set()));
}

/** Whether all guests can have one node. */
export function canBeTogether([first = [], ...others]: string[][]): boolean {
  return first.some((node) => others.every((nodes) => nodes.includes(node)));
}
