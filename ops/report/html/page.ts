import type { ClusterReport, Report, Told } from "../model";
import {
  endingInWords,
  failureInWords,
  GRADES,
  gradeOf,
  headline,
  roomRows,
  votesInWords,
} from "../words";
import { picture } from "./picture";
import { changesSection, verdictSection } from "./plan";
import { STYLE } from "./style";
import { markCell, table } from "./table";
import { html, Html } from "./tag";

const SECTIONS = {
  policies: "Policy verdict",
  changes: "What changes",
  topology: "Topology",
  failures: "If one thing breaks",
  room: "Who fits where",
  backups: "Guests and backups",
};

/** The report as one file that needs no other. */
export function page(report: Report): string {
  const { plan, stack, clusters } = report;
  const { good, text } = headline(report);
  const sections = Object.entries(SECTIONS).filter(
    ([id]) => plan || !["policies", "changes"].includes(id),
  );
  const document = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'"
      />
      <title>${plan ? "Preview" : "State"} of stack ${stack}</title>
      <style>
        ${new Html(STYLE)}
      </style>
    </head>
    <body>
      <a class="skip" href="#report">Skip to the report</a>
      <header>
        <h1>${plan ? "Preview" : "State"} of stack ${stack}</h1>
        <p class="verdict ${good ? "good" : "bad"}">${text}</p>
      </header>
      <nav aria-label="Sections">
        <ul>
          ${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
        </ul>
      </nav>
      <main id="report" tabindex="-1">
        ${plan && [verdictSection(plan), changesSection(plan)]} ${topologySection(report)}
        <section aria-labelledby="failures">
          <h2 id="failures">${SECTIONS.failures}</h2>
          ${clusters.map(failureTable)}
        </section>
        <section aria-labelledby="room">
          <h2 id="room">${SECTIONS.room}</h2>
          <p>
            A node keeps a reserve of ${report.settings.reserve} MiB; a VM needs 96 MiB beside its
            memory.
          </p>
          ${clusters.map(roomTable)}
        </section>
        ${backupSection(report)}
      </main>
      <footer>
        Made by <code>npm run -s ops -- report</code>. What the columns mean: docs/report.md
      </footer>
    </body>
  </html>`;
  return `<!doctype html>\n${document.text}\n`;
}

function topologySection(report: Report): Html {
  const { clusters, storages } = report;
  return html`<section aria-labelledby="topology">
    <h2 id="topology">${SECTIONS.topology}</h2>
    ${clusters.length === 0 && html`<p>No cluster is described.</p>`}
    ${clusters.map((cluster, index) => [
      html`<figure>${picture(report, cluster, index)}</figure>`,
      table(
        `Nodes of cluster ${cluster.name}`,
        ["Node", "Address", "Memory", "CPUs", "Links", "Votes", "Update"],
        cluster.nodes.map((node) => [
          ...[node.name, node.address, node.memory, node.cpus, node.links, String(node.votes)],
          markCell(node.mark),
        ]),
      ),
      cluster.witness
        ? table(
            `Witness of cluster ${cluster.name}`,
            ["Witness", "Address", "Update"],
            [[cluster.witness.name, cluster.witness.address, markCell(cluster.witness.mark)]],
          )
        : html`<p>Cluster ${cluster.name} has no witness.</p>`,
    ])}
    ${
      storages.length > 0 &&
      table(
        "Storages",
        ["Storage", "Type", "Server", "Export", "Content", "Nodes", "Update"],
        storages.map((one) => [
          ...[one.name, one.type, one.server, one.export, one.contents, one.nodes],
          markCell(one.mark),
        ]),
      )
    }
  </section>`;
}

function untold({ name }: ClusterReport, { until }: { until: string }): Html {
  return html`<p>Cluster ${name}: cannot be told until ${until} known.</p>`;
}

function either<T>(cluster: ClusterReport, told: Told<T>, show: (value: T) => Html): Html {
  return "until" in told ? untold(cluster, told) : show(told.value);
}

function failureTable(cluster: ClusterReport): Html {
  return either(cluster, cluster.endings, (endings) =>
    table(
      `Cluster ${cluster.name}: ${endings.votes} votes, ${endings.quorum} needed`,
      ["What breaks", "Outcome", "Votes", "How it ends"],
      endings.endings.map((one) => {
        const grade = gradeOf(one);
        const outcome = html`<span class="${grade === "outage" ? "no" : "yes"}"
          >${GRADES[grade]}</span
        >`;
        return [
          failureInWords(one.failure),
          outcome,
          votesInWords(one, endings),
          endingInWords(one),
        ];
      }),
    ),
  );
}

function roomTable(cluster: ClusterReport): Html {
  return either(cluster, cluster.rooms, (losses) =>
    table(
      `Cluster ${cluster.name}: what would run where without one node`,
      ["Without", "On", "Fits", "Room", "Needed", "Guests"],
      roomRows(losses, 40).map((row) => [
        ...[row.lost, row.node],
        row.node === "nowhere" ? "–" : row.fits ? "yes" : html`<span class="no">no</span>`,
        ...[row.room, row.need, row.guests],
      ]),
    ),
  );
}

function backupSection({ guests, jobs, copies }: Report): Html {
  return html`<section aria-labelledby="backups">
    <h2 id="backups">${SECTIONS.backups}</h2>
    ${
      jobs.length > 0
        ? table(
            "Backup jobs",
            ["Job", "Schedule", "To", "Backups kept", "Update"],
            jobs.map((job) => [job.name, job.schedule, job.storage, job.kept, markCell(job.mark)]),
          )
        : html`<p>There is no backup job.</p>`
    }
    ${
      copies.length > 0 &&
      table(
        "Copies of backups",
        ["Copy", "From", "To", "When", "At most as old as", "Update"],
        copies.map((copy) => [
          ...[copy.name, copy.from, copy.to, copy.schedule, copy.maxAge],
          markCell(copy.mark),
        ]),
      )
    }
    ${
      guests.length > 0 &&
      table(
        "Guests: where they are, and how much of their data may be lost",
        [
          "Guest",
          "Kind",
          "Home",
          "Memory",
          "HA",
          "Disks on",
          "Backed up by",
          "May lose",
          "Allowed",
          "Backups kept",
          "Update",
        ],
        guests.map((guest) => {
          const { backup } = guest;
          return [
            ...[guest.name, `${guest.kind} ${guest.vmid}`, guest.home, guest.memory, guest.ha],
            guest.storages.join(", "),
            backup.good ? backup.jobs : html`<span class="no">${backup.jobs}</span>`,
            ...[backup.gap, backup.objective, backup.kept],
            markCell(guest.mark),
          ];
        }),
      )
    }
  </section>`;
}
