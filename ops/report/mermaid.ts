import { inMermaid } from "./escape";
import type { GuestReport, Marked, Report } from "./model";
import { OPERATIONS, plural } from "./words";

/** More guests than this are drawn as one box for each node, but for those that change. */
const MOST_GUESTS = 24;
/** More changing guests than this are counted as well. */
const MOST_CHANGING = 40;

/** Colours that GitHub's light and dark pages both let read; what is no colour, the text says. */
const CLASSES = [
  "classDef create fill:#1a7f37,stroke:#0b5021,color:#ffffff,stroke-width:3px",
  "classDef update fill:#9a6700,stroke:#5c3d00,color:#ffffff,stroke-width:3px",
  "classDef replace fill:#8250df,stroke:#512a97,color:#ffffff,stroke-width:3px",
  "classDef delete fill:#cf222e,stroke:#82071e,color:#ffffff,stroke-width:3px,stroke-dasharray:6 3",
];

/** The site as a flowchart of Mermaid; what changes is marked by class and word. */
export function mermaid(report: Report): string {
  const ids = new Map<string, string>();
  const id = (kind: string, name: string): string => {
    const key = `${kind} ${name}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, `${kind}${ids.size}`);
    return `${kind}${ids.size - 1}`;
  };
  const lines = report.clusters.flatMap((cluster) => {
    const { witness } = cluster;
    return [
      `  subgraph ${id("cluster", cluster.name)}["cluster ${inMermaid(cluster.name)}"]`,
      ...cluster.nodes.flatMap((node) => [
        `    subgraph ${id("node", node.name)}["${label(node, node.address, `${node.memory}, ${node.links === "1" ? "1 link" : `${node.links} links`}`)}"]`,
        ...guestsAt(report, node.name).map((box) => `      ${boxOf(id("guest", box.key), box)}`),
        "    end",
      ]),
      "  end",
      ...cluster.nodes.map((node) => classOf(id("node", node.name), node)),
      ...(witness
        ? [
            `  ${id("witness", witness.name)}{{"${label(witness, "witness", witness.address)}"}}${suffix(witness)}`,
            `  ${id("cluster", cluster.name)} -. votes .- ${id("witness", witness.name)}`,
          ]
        : []),
    ];
  });
  const storages = report.storages.map(
    (storage) =>
      `  ${id("storage", storage.name)}[("${label(storage, storage.contents, storage.server)}")]${suffix(storage)}`,
  );
  const first = report.clusters[0];
  const seen = first
    ? report.storages.map(({ name }) => `  ${id("cluster", first.name)} --- ${id("storage", name)}`)
    : [];
  return ["flowchart TB", ...lines.filter(Boolean), ...storages, ...seen, ...classes()].join("\n");
}

function classes(): string[] {
  return CLASSES.map((line) => `  ${line}`);
}

interface Box extends Marked {
  key: string;
  details: string[];
}

/** Guests of a node, each in a box of its own while they are few. */
export function guestsAt({ guests }: Report, node: string): Box[] {
  const here = guests.filter(({ home }) => home === node);
  if (guests.length <= MOST_GUESTS) return here.map(boxed);
  const changing = guests.filter(({ mark }) => mark);
  const drawn = changing.length <= MOST_CHANGING ? here.filter(({ mark }) => mark) : [];
  const rest = here.filter((guest) => !drawn.includes(guest));
  const groups = [undefined, ...OPERATIONS].flatMap((mark): Box[] => {
    const of = rest.filter((guest) => guest.mark === mark);
    if (of.length === 0) return [];
    const inHa = of.filter(({ ha }) => ha !== "no").length;
    const name = plural(of.length, mark ? "guest" : "other guest");
    return [{ key: `${node} ${mark ?? ""}`, name, mark, details: [`${inHa} in HA`] }];
  });
  return [...drawn.map(boxed), ...groups];
}

function boxed({ name, mark, kind, vmid, ha, memory }: GuestReport): Box {
  const inHa = ha === "no" ? "not in HA" : `HA ${ha}`;
  return { key: `${kind} ${name}`, name, mark, details: [`${kind} ${vmid}, ${memory}`, inHa] };
}

function boxOf(id: string, box: Box): string {
  return `${id}["${label(box, ...box.details)}"]${suffix(box)}`;
}

function label({ name, mark }: Marked, ...details: string[]): string {
  const title = `${inMermaid(name)}${mark ? ` (${mark})` : ""}`;
  return [title, ...details.map(inMermaid)].join("<br/>");
}

function suffix({ mark }: Marked): string {
  return mark ? `:::${mark}` : "";
}

/** A subgraph takes its class by a line of its own. */
function classOf(id: string, { mark }: Marked): string {
  return mark ? `  class ${id} ${mark}` : "";
}
