import { InvalidArgumentError, Option } from "commander";
import type { LabPaths } from "../paths";
import { hostsOf, type Layout, USUAL_LAYOUT } from "../reference";
import { FileStore } from "../seams/store";
import type { LabState } from "../state/types";
import { LabError } from "./cli";

export interface LayoutOptions {
  bare?: string[];
  host?: { name: string; address: string; bare: boolean }[];
  without?: string[];
  nas?: { name: string; address: string; bare: boolean }[];
}

const names = (text: string): string[] => text.split(",");

/** Options of `lab start` that say which hosts a new lab has. */
export const layoutOptions = {
  bare: new Option(
    "--bare <nodes>",
    "nodes of a new lab that start as bare Debian 13, as in pve01,pve02",
  ).argParser(names),
  host: new Option(
    "--host <name=address[:bare]>",
    "one more node of a new lab, as in pve03=192.168.18.102:bare; may be said again",
  ).argParser((text, before: LayoutOptions["host"] = []) => [...before, extraHost(text)]),
  nas: new Option(
    "--nas <name=address>",
    "one more NAS of a new lab, which exports the same directories, as in nas2=192.168.18.201; may be said again",
  ).argParser((text, before: LayoutOptions["nas"] = []) => [...before, extraNas(text)]),
  without: new Option(
    "--without <nodes>",
    "nodes that a new lab does not have, as in pve02",
  ).argParser(names),
};

function extraHost(text: string): { name: string; address: string; bare: boolean } {
  const [, name = "", address = "", bare] =
    /^([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)=(\d{1,3}(?:\.\d{1,3}){3})(:bare)?$/.exec(text) ??
    [];
  if (name === "")
    throw new InvalidArgumentError("it is written NAME=ADDRESS or NAME=ADDRESS:bare.");
  return { name, address, bare: bare !== undefined };
}

function extraNas(text: string): { name: string; address: string; bare: boolean } {
  const host = extraHost(text);
  if (host.bare) throw new InvalidArgumentError("a NAS is written NAME=ADDRESS.");
  return host;
}

export function layoutOf({ bare = [], host = [], without = [], nas = [] }: LayoutOptions): Layout {
  const layout: Layout = {
    bare: [...bare, ...host.filter((one) => one.bare).map(({ name }) => name)],
    extra: host.map(({ name, address }) => ({ name, address })),
    without,
    nas: nas.map(({ name, address }) => ({ name, address })),
  };
  try {
    hostsOf(layout);
  } catch (error) {
    throw new LabError((error as Error).message);
  }
  return layout;
}

/** A lab that is there keeps its hosts. */
export async function requireLayout(paths: LabPaths, wanted: Layout): Promise<void> {
  if (JSON.stringify(wanted) === JSON.stringify(USUAL_LAYOUT)) return;
  if (!(await FileStore.read<LabState>(paths.state))) return;
  throw new LabError(
    `the lab in ${paths.root} has its hosts already; for a new lab with others: npm run -s lab -- reset`,
  );
}
