import { guestsAt } from "../mermaid";
import type { ClusterReport, Marked, Report } from "../model";
import { shortened } from "../values";
import { html, type Html } from "./tag";

const BOX = { width: 210, height: 78, gap: 14 };
const HOST = { width: BOX.width + 2 * BOX.gap, head: 84 };
const TEXT = 22;

/** A cluster with its nodes, guests, witness and storages; the tables beside it say the same. */
export function picture(report: Report, cluster: ClusterReport, index: number): Html {
  const guests = cluster.nodes.map(({ name }) => guestsAt(report, name));
  const deepest = Math.max(0, ...guests.map((boxes) => boxes.length));
  const hostHeight = HOST.head + deepest * (BOX.height + BOX.gap) + BOX.gap;
  const outside = [
    ...(cluster.witness
      ? [{ ...cluster.witness, lines: ["witness, votes", cluster.witness.address], votes: true }]
      : []),
    ...report.storages.map((storage) => ({
      ...storage,
      ...{ lines: [storage.contents, storage.server], votes: false },
    })),
  ];
  const columns = Math.max(cluster.nodes.length, outside.length, 1);
  const width = columns * (HOST.width + BOX.gap) + BOX.gap;
  const busY = BOX.gap + hostHeight + 30;
  const lowerY = busY + 30;
  const height = lowerY + BOX.height + BOX.gap;
  const x = (column: number): number => BOX.gap + column * (HOST.width + BOX.gap);
  const middle = (column: number): number => x(column) + HOST.width / 2;
  const columnsUsed = Math.max(cluster.nodes.length, outside.length) - 1;
  const title = `topology-${index}`;
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-labelledby="${title}-title ${title}-desc"
  >
    <title id="${title}-title">Topology of cluster ${cluster.name}</title>
    <desc id="${title}-desc">${described(cluster, report)}</desc>
    <line
      class="link"
      x1="${middle(0)}"
      y1="${busY}"
      x2="${middle(Math.max(0, columnsUsed))}"
      y2="${busY}"
    />
    ${cluster.nodes.map((node, column) => [
      html`<line
        class="link"
        x1="${middle(column)}"
        y1="${BOX.gap + hostHeight}"
        x2="${middle(column)}"
        y2="${busY}"
      />`,
      box(node, [node.address, `${node.memory}, ${node.cpus} CPUs`], {
        ...{ x: x(column), y: BOX.gap, width: HOST.width, height: hostHeight, kind: "box host" },
      }),
      (guests[column] ?? []).map((guest, row) =>
        box(guest, guest.details, {
          ...{ x: x(column) + BOX.gap, y: BOX.gap + HOST.head + row * (BOX.height + BOX.gap) },
          ...{ width: BOX.width, height: BOX.height, kind: "box" },
        }),
      ),
    ])}
    ${outside.map((one, column) => [
      html`<line
        class="link${one.votes ? " votes" : ""}"
        x1="${middle(column)}"
        y1="${busY}"
        x2="${middle(column)}"
        y2="${lowerY}"
      />`,
      box(one, one.lines, {
        ...{ x: x(column), y: lowerY, width: HOST.width, height: BOX.height, kind: "box" },
      }),
    ])}
  </svg>`;
}

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
  kind: string;
}

function box({ name, mark }: Marked, lines: string[], place: Place): Html {
  const { x, y, width, height, kind } = place;
  const fits = Math.floor((width - 16) / 7.4);
  const title = mark ? `${mark}: ${name}` : name;
  return html`<g class="${mark ?? "as-it-is"}">
    <rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6" />
    <text class="name" x="${x + 8}" y="${y + TEXT}">${shortened(title, fits)}</text>
    ${lines.map(
      (line, index) =>
        html`<text x="${x + 8}" y="${y + TEXT * (index + 2) - 2}">${shortened(line, fits)}</text>`,
    )}
  </g>`;
}

function described({ nodes, witness }: ClusterReport, { storages, guests }: Report): string {
  const names = (all: Marked[]): string =>
    all
      .slice(0, 20)
      .map(({ name, mark }) => (mark ? `${name} (${mark})` : name))
      .join(", ") + (all.length > 20 ? ` and ${all.length - 20} more` : "");
  return [
    `Nodes: ${names(nodes)}.`,
    witness ? `Witness: ${names([witness])}.` : "No witness.",
    storages.length > 0 ? `Storages: ${names(storages)}.` : "No storages.",
    guests.length > 0 ? `Guests: ${names(guests)}.` : "No guests.",
    "The tables that follow say the same.",
  ].join(" ");
}
