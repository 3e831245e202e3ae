import type { PropertyChange } from "../diff";
import type { Change, Plan, PolicyViolation } from "../read";
import { countsInWords, verdictsOf } from "../words";
import { table } from "./table";
import { html, type Html } from "./tag";

/** The policies' verdict. */
export function verdictSection(plan: Plan): Html {
  const { mandatory, advisory, excused } = verdictsOf(plan);
  const list = (title: string, all: PolicyViolation[]): Html | undefined =>
    all.length === 0
      ? undefined
      : html`<h3>${title}</h3>
          ${table(title, ["Rule", "Severity", "Resource", "What is wrong, and what to do"], all.map(cells))}`;
  return html`<section aria-labelledby="policies">
    <h2 id="policies">Policy verdict</h2>
    <p>
      ${
        plan.verdict
          ? `${mandatory.length} mandatory, ${advisory.length} advisory, ${plan.verdict.passed} rules without objection.`
          : "No policies judged this change: pulumi preview --policy-pack policy."
      }
    </p>
    ${list("Refused", mandatory)} ${list("Advised", advisory)}
    ${list("Excused by the configuration", excused)}
  </section>`;
}

function cells({ rule, severity, resource, description, message }: PolicyViolation) {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  return [
    rule,
    severity,
    resource ?? "–",
    html`${description} ${lines.map((line) => html`<br />${line}`)}`,
  ];
}

/** What the update does. */
export function changesSection(plan: Plan): Html {
  const changes = plan.changes.filter(({ real, properties }) => real || properties.length > 0);
  return html`<section aria-labelledby="changes">
    <h2 id="changes">What changes</h2>
    <p>${countsInWords(plan)}</p>
    ${
      plan.errors.length > 0 &&
      html`<h3>Why the preview failed</h3>
        <ul>
          ${plan.errors.map((error) => html`<li><code>${error}</code></li>`)}
        </ul>`
    }
    ${
      changes.length > 0 &&
      table(
        "Changes of resources",
        ["Resource", "Operation", "Properties"],
        changes.map(changeCells),
      )
    }
  </section>`;
}

function changeCells({ operation, name, real, properties }: Change) {
  return [
    name,
    html`<span class="${operation}">${operation}</span>${real ? "" : " (in the program)"}`,
    properties.length === 0 ? "–" : folded(properties),
  ];
}

function folded(properties: PropertyChange[]): Html {
  const list = html`<ul>
    ${properties.map((property) => html`<li>${propertyLine(property)}</li>`)}
  </ul>`;
  return properties.length <= 4
    ? list
    : html`<details>
        <summary>${properties.length} properties</summary>
        ${list}
      </details>`;
}

function propertyLine({ path, before, after, replaces }: PropertyChange): Html {
  const why = replaces ? " (replaces it)" : "";
  if (before === undefined) return html`${path}: <code>${after}</code>${why}`;
  const now = after === undefined ? "nothing" : html`<code>${after}</code>`;
  return html`${path}: <code>${before}</code> → ${now}${why}`;
}
