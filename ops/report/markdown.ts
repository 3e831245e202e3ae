import { asCode, inMarkdown } from "./escape";
import { mermaid } from "./mermaid";
import type { ClusterReport, CopyReport, GuestReport, Report } from "./model";
import type { PropertyChange } from "./diff";
import type { Change, Plan, PolicyViolation } from "./read";
import {
  countsInWords,
  endingInWords,
  failureInWords,
  GRADES,
  gradeOf,
  headline,
  realChanges,
  roomRows,
  verdictsOf,
  votesInWords,
} from "./words";

/** A comment of GitHub's has at most 65,536 characters, and others put a line or two before ours. */
const LIMIT = 60_000;
/** What it takes to say how much is left out. */
const SAID = 40;
/** Properties of one resource that a table shows. */
const MOST_PROPERTIES = 6;

interface Rows {
  head: string[];
  rows: string[];
  /** What there is more of, as `guests`. */
  what: string;
}

/** A part of the comment; a table in it is cut when the whole would be too long. */
interface Part {
  title: string;
  open: boolean;
  before: string[];
  table?: Rows;
  after?: string[];
}

/** The comment of a pull request. */
export function markdown(report: Report): string {
  const { good, text } = headline(report);
  const top = [
    `## ${report.plan ? "Preview" : "State"} of stack ${inMarkdown(report.stack)}`,
    "",
    `**${report.plan ? (good ? "✅ " : "❌ ") : ""}${inMarkdown(text)}**`,
    ...(report.plan ? ["", inMarkdown(countsInWords(report.plan))] : []),
    "",
    "",
  ].join("\n");
  const parts = [
    ...(report.plan ? planParts(report.plan) : []),
    { title: "The site", open: true, before: ["```mermaid", mermaid(report), "```"] },
    ...report.clusters.flatMap((cluster) => clusterParts(cluster, report)),
    guestPart(report.guests),
    ...(report.copies.length > 0 ? [copyPart(report.copies)] : []),
  ];
  return fitted(top, parts);
}

/** Each part gets what the parts before it leave, but for a share of those that come. */
function fitted(top: string, parts: Part[]): string {
  let text = top;
  parts.forEach((part, index) => {
    const left = LIMIT - text.length;
    const tables = parts.slice(index).filter(({ table }) => table).length;
    const fixed = parts.slice(index).reduce((sum, one) => sum + printed({ ...one }, 0).length, 0);
    const share = part.table ? (left - fixed) / Math.max(1, tables) : 0;
    text += printed(part, share);
  });
  return text;
}

function printed({ title, open, before, table, after = [] }: Part, room: number): string {
  const body = [...before, ...(before.length > 0 && table ? [""] : []), ...rowsIn(table, room)];
  const inside = [...body, ...(after.length > 0 ? ["", ...after] : [])].join("\n");
  return open
    ? `### ${title}\n\n${inside}\n\n`
    : `<details><summary>${title}</summary>\n\n${inside}\n\n</details>\n\n`;
}

function rowsIn(table: Rows | undefined, room: number): string[] {
  if (!table) return [];
  const { head, rows, what } = table;
  const shown: string[] = [];
  let used = 0;
  for (const row of rows) {
    used += row.length + 1;
    if (used > room - SAID) break;
    shown.push(row);
  }
  const hidden = rows.length - shown.length;
  const lines = [`| ${head.join(" | ")} |`, `| ${head.map(() => "---").join(" | ")} |`, ...shown];
  if (hidden === 0) return lines;
  return [
    ...lines,
    "",
    `${hidden} more ${what} are left out here; the HTML report (\`npm run -s ops -- report --format html\`) has them all.`,
  ];
}

const row = (...cells: string[]): string => `| ${cells.join(" | ")} |`;

function planParts(plan: Plan): Part[] {
  const described = plan.changes.filter(({ real, properties }) => !real && properties.length > 0);
  const changes = realChanges(plan);
  return [
    ...(plan.errors.length > 0
      ? [
          {
            ...{ title: "Why the preview failed", open: true },
            before: plan.errors
              .slice(0, 20)
              .map((error) => `- ${inMarkdown(error).slice(0, 1000)}`),
          },
        ]
      : []),
    ...violationParts(plan),
    ...(described.length > 0 || changes.length > 0
      ? [
          {
            ...{ title: "What changes", open: changes.length <= 40 },
            before: described.slice(0, 20).map(descriptionLine),
            table: {
              head: ["", "Resource", "What of it"],
              rows: changes.map(changeRow),
              what: "changes",
            },
          },
        ]
      : []),
  ];
}

/** A component is where the program says what is meant. */
function descriptionLine({ name, operation, properties }: Change): string {
  const verb = operation === "create" ? " (new)" : operation === "delete" ? " (gone)" : "";
  return `- **${inMarkdown(name)}**${verb}: ${propertiesInWords(properties, "; ")}`;
}

function changeRow({ operation, name, properties }: Change): string {
  return row(`**${operation}**`, inMarkdown(name), propertiesInWords(properties, "<br>"));
}

function propertiesInWords(properties: PropertyChange[], between: string): string {
  const shown = properties.slice(0, MOST_PROPERTIES).map(propertyInWords);
  const more = properties.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(between);
}

function propertyInWords({ path, before, after, replaces }: PropertyChange): string {
  const why = replaces ? " (replaces it)" : "";
  const value =
    before === undefined
      ? asCode(after ?? "")
      : `${asCode(before)} → ${after === undefined ? "nothing" : asCode(after)}`;
  return `${inMarkdown(path)}: ${value}${why}`;
}

function violationParts(plan: Plan): Part[] {
  const { mandatory, advisory, excused } = verdictsOf(plan);
  const part = (title: string, open: boolean, all: PolicyViolation[]): Part[] =>
    all.length === 0
      ? []
      : [
          {
            ...{ title, open, before: [] },
            table: {
              head: ["Rule", "Severity", "What is wrong, and what to do"],
              rows: all.map(violationRow),
              what: "violations",
            },
          },
        ];
  return [
    ...part("What the policies refuse", true, mandatory),
    ...part(`What the policies advise (${advisory.length})`, false, advisory),
    ...part("What the configuration excuses", false, excused),
  ];
}

function violationRow({ rule, severity, message }: PolicyViolation): string {
  const lines = message.split("\n").map(inMarkdown).filter(Boolean);
  return row(`**${inMarkdown(rule)}**`, inMarkdown(severity), lines.join("<br>"));
}

function clusterParts(cluster: ClusterReport, { settings }: Report): Part[] {
  const { endings, rooms } = cluster;
  const name = inMarkdown(cluster.name);
  const ending: Part =
    "until" in endings
      ? { title: `If one thing breaks: cluster ${name}`, open: false, before: [untold(endings)] }
      : {
          title: `If one thing breaks: cluster ${name}, ${endings.value.votes} votes, ${endings.value.quorum} needed`,
          ...{ open: false, before: [] },
          table: {
            head: ["What breaks", "Outcome", "Votes", "How it ends"],
            rows: endings.value.endings.map((one) =>
              row(
                inMarkdown(failureInWords(one.failure)),
                `**${GRADES[gradeOf(one)]}**`,
                inMarkdown(votesInWords(one, endings.value)),
                inMarkdown(endingInWords(one)),
              ),
            ),
            what: "failures",
          },
        };
  const title = `Who fits where: cluster ${name}`;
  const reserve = `A node keeps a reserve of ${settings.reserve} MiB; a VM needs 96 MiB beside its memory.`;
  const room: Part =
    "until" in rooms
      ? { title, open: false, before: [untold(rooms)] }
      : {
          ...{ title, open: false, before: [inMarkdown(reserve)] },
          table: {
            head: ["Without", "On", "Fits", "Room", "Needed", "Guests"],
            rows: roomRows(rooms.value, 8).map((one) =>
              row(
                ...[one.lost, one.node].map(inMarkdown),
                one.node === "nowhere" ? "–" : one.fits ? "yes" : "**no**",
                ...[one.room, one.need, one.guests].map(inMarkdown),
              ),
            ),
            what: "nodes",
          },
        };
  return [ending, room];
}

function untold({ until }: { until: string }): string {
  return `Cannot be told until ${inMarkdown(until)} known.`;
}

function guestPart(guests: GuestReport[]): Part {
  // What is wrong comes first: it is not what is left out.
  const sorted = [...guests].sort((a, b) => Number(a.backup.good) - Number(b.backup.good));
  const bad = guests.filter(({ backup }) => !backup.good).length;
  return {
    title: `Guests and their backups (${guests.length}${bad > 0 ? `, ${bad} with too little` : ""})`,
    ...{ open: false, before: [] },
    table: {
      head: ["Guest", "Home", "HA", "Disks on", "Backed up by", "May lose", "Allowed", "Kept"],
      rows: sorted.map(({ name, kind, vmid, home, ha, storages, backup }) =>
        row(
          inMarkdown(`${kind} ${vmid} ${name}`),
          ...[home, ha, storages.join(", ")].map(inMarkdown),
          backup.good ? inMarkdown(backup.jobs) : `**${inMarkdown(backup.jobs)}**`,
          ...[backup.gap, backup.objective, backup.kept].map(inMarkdown),
        ),
      ),
      what: "guests",
    },
  };
}

function copyPart(copies: CopyReport[]): Part {
  return {
    title: `Copies of backups (${copies.length})`,
    ...{ open: false, before: [] },
    table: {
      head: ["Copy", "From", "To", "When", "At most as old as"],
      rows: copies.map(({ name, from, to, schedule, maxAge }) =>
        row(...[name, from, to, schedule, maxAge].map(inMarkdown)),
      ),
      what: "copies",
    },
  };
}
