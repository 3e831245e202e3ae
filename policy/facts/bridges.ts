import { UNKNOWN, type Unknown } from "./known";
import type { SiteFacts } from "./site";

export interface Bridges {
  has(bridge: string, node: string): boolean;
  /** Set where some bridge's name or node is unknown. */
  unsure: Unknown | undefined;
}

/** Which node has which bridge; a virtual network is on all of them. */
export function bridgesPerNode({ bridges }: SiteFacts): Bridges {
  const key = (bridge: string, node: string): string => `${bridge} ${node}`;
  const there = new Set<string>();
  let unsure: Unknown | undefined;
  for (const { bridge, node } of bridges) {
    if (bridge === UNKNOWN || node === UNKNOWN) unsure = UNKNOWN;
    else there.add(key(bridge, node ?? ""));
  }
  return {
    has: (bridge, node) => there.has(key(bridge, node)) || there.has(key(bridge, "")),
    unsure,
  };
}
