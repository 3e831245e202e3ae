import { type DraftSite, entries } from "../draft";

export type Section = "bonds" | "vlans" | "bridges";

/** Each after what it may lie on. */
export const SECTIONS: Section[] = ["bonds", "vlans", "bridges"];

/** An interface as the file has it for one node: what all nodes share, merged with what is the node's own. */
export interface Described {
  section: Section;
  name: string;
  /** Where the file says what it lies on, below `network` or `nodes.NODE`. */
  onPath: string[];
  /** Ports of a bridge or bond, or what a VLAN runs over; sorted. */
  on: string[];
  id?: number | undefined;
  address?: string | undefined;
  mtu?: number | undefined;
  comment?: string | undefined;
  mode?: string | undefined;
  primary?: string | undefined;
  hash?: string | undefined;
  vlanAware?: boolean | undefined;
  vlans?: (number | string)[] | undefined;
}

/** The names of a section, each with the nodes that have it; all of them where there is no list. */
export function namesIn(site: DraftSite, section: Section): [string, string[] | undefined][] {
  return entries(site.network?.[section]).map(([name, { nodes }]) => [
    name,
    nodes?.flatMap((node) => node ?? []),
  ]);
}

/** Whether an interface of this name may be described in a part of the file that is wrong by itself. */
export function isUnreadable({ network }: DraftSite, name: string): boolean {
  return SECTIONS.some((section) => {
    const entries = network?.[section];
    if (entries === undefined) return network !== undefined && section in network;
    return Object.hasOwn(entries, name) && entries[name] === undefined;
  });
}

/** The interfaces of a node; without what is wrong by itself. */
export function interfacesOf(site: DraftSite, node: string): Described[] {
  return SECTIONS.flatMap((section) =>
    namesIn(site, section)
      .filter(([, nodes]) => nodes === undefined || nodes.includes(node))
      .map(([name]) => merged(site, node, section, name)),
  );
}

function merged(site: DraftSite, node: string, section: Section, name: string): Described {
  const own = ownOf(site, node, name);
  const { bonds, vlans, bridges } = site.network ?? {};
  const key = section === "vlans" ? "on" : "ports";
  const onPath =
    own?.[key] === undefined
      ? ["network", section, name, key]
      : ["nodes", node, "network", name, key];
  const one = { section, name, onPath, address: own?.address };
  switch (section) {
    case "bonds": {
      const { ports, mode, primary, hash, mtu, comment } = bonds?.[name] ?? {};
      const on = sorted(own?.ports ?? ports);
      return { ...one, on, mode, primary: own?.primary ?? primary, hash, mtu, comment };
    }
    case "vlans": {
      const { on, id, mtu, comment } = vlans?.[name] ?? {};
      return { ...one, on: sorted([own?.on ?? on]), id, mtu, comment };
    }
    case "bridges": {
      const { ports, vlanAware, vlans: passed, mtu, comment } = bridges?.[name] ?? {};
      const on = sorted(own?.ports ?? ports);
      return { ...one, on, vlanAware, vlans: passed && sorted(passed), mtu, comment };
    }
  }
}

function ownOf({ nodes }: DraftSite, node: string, name: string) {
  const own = nodes && Object.hasOwn(nodes, node) ? nodes[node]?.network : undefined;
  return own && Object.hasOwn(own, name) ? own[name] : undefined;
}

/** VLANs by their numbers, names by their letters. */
function sorted<T extends string | number>(list: (T | undefined)[] | undefined): T[] {
  return (list ?? [])
    .flatMap((item) => item ?? [])
    .sort((a, b) => parseFloat(String(a)) - parseFloat(String(b)) || (a < b ? -1 : 1));
}
