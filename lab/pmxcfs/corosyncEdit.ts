import { corosyncConf } from "../cluster/corosyncConf";
import type { Corosync } from "../state/types";

/**
 * corosync.conf as somebody has edited it, or undefined for what corosync would not take up or the lab does not
 * imitate: a `config_version` that is not higher, other nodes, other keys than PVE writes.
 */
export function editedCorosync(text: string, current: Corosync): Corosync | undefined {
  const value = (part: string, key: string): string | undefined =>
    new RegExp(`^\\s*${key}:\\s*(\\S+)\\s*$`, "m").exec(part)?.[1];
  const blocks = text.match(/^\s*node\s*\{[^}]*\}/gm) ?? [];
  const nodes = blocks.map((block) => ({
    name: value(block, "name") ?? "",
    nodeid: Number(value(block, "nodeid")),
    votes: Number(value(block, "quorum_votes")),
    address: value(block, "ring0_addr") ?? "",
    ...linkOf(value(block, "ring1_addr")),
  }));
  const edited: Corosync = {
    ...current,
    configVersion: Number(value(text, "config_version")),
    nodes: nodes.sort((a, b) => a.nodeid - b.nodeid),
  };
  const same = namesOf(edited) === namesOf(current);
  const newer = edited.configVersion > current.configVersion;
  return same && newer && words(corosyncConf(edited)) === words(text) ? edited : undefined;
}

const linkOf = (link1: string | undefined) => (link1 === undefined ? {} : { link1 });

const namesOf = ({ nodes }: Corosync): string =>
  nodes
    .map(({ name, nodeid }) => `${name}=${nodeid}`)
    .sort()
    .join();

/** What a parser sees: no comments, no layout. */
const words = (text: string): string =>
  text
    .replace(/^\s*#.*$/gm, "")
    .split(/\s+/)
    .filter((word) => word !== "")
    .join(" ");
