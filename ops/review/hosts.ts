import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Host, readStackFile, stackFileName } from "../../toolchain/launcher/stackFile";

/** The nodes that every new lab has. */
const USUAL: Record<string, string> = { pve01: "192.168.18.251", pve02: "192.168.18.100" };

interface Described {
  nodes: Host[];
  release: number | undefined;
}

/** Options of `lab start` for a lab with the nodes of these folders' site files. A file that cannot be read counts as none. */
export function labOptions(folders: string[], stack: string): string[] {
  const described = folders.map((folder) => describedIn(folder, stack));
  const nodes = new Map<string, string>();
  for (const { name, address } of described.flatMap((one) => one.nodes)) {
    if (!nodes.has(name)) nodes.set(name, address);
  }
  if (nodes.size === 0) return [];
  const without = Object.keys(USUAL).filter((name) => nodes.get(name) !== USUAL[name]);
  const extra = [...nodes].filter(([name, address]) => USUAL[name] !== address);
  const release = described.find((one) => one.release !== undefined)?.release;
  return [
    ...(release === 8 ? ["--release", "8"] : []),
    ...(without.length > 0 ? ["--without", without.join(",")] : []),
    ...extra.flatMap(([name, address]) => ["--host", `${name}=${address}`]),
  ];
}

function describedIn(folder: string, stack: string): Described {
  try {
    const { nodes } = readStackFile(folder, stack);
    const file = parse(readFileSync(join(folder, stackFileName(stack)), "utf8")) as {
      config?: { "proxmox-ha:site"?: { cluster?: { release?: number } } };
    };
    return { nodes, release: file.config?.["proxmox-ha:site"]?.cluster?.release };
  } catch {
    return { nodes: [], release: undefined };
  }
}
