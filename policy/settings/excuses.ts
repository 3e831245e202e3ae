import { nameIn } from "../inputs/recorded";
import type { Settings } from "./read";

/** An exception or an accepted risk, as it stands in the configuration. */
interface Excuse {
  rule: string;
  /** Undefined for every resource. */
  resource?: string | undefined;
  reason: string;
  /** The last day of an exception, the day on which a risk is reviewed. */
  date: string;
  /** `exceptions[0]`. */
  path: string;
  kind: "exception" | "risk";
}

type Given = Pick<Settings, "exceptions" | "acceptedRisks" | "review" | "today" | "emergency">;

/** Which violations of a run are excused, and what is to be told about it. */
export class Excuses {
  readonly #excuses: Excuse[];
  readonly #used = new Set<Excuse>();
  /** Rules that have spoken in this run. */
  readonly #judged = new Set<string>();

  constructor(readonly given: Given) {
    this.#excuses = [
      ...given.exceptions.map(({ until, ...rest }, index): Excuse => ({
        ...rest,
        date: until,
        path: `proxmox-ha:policies.exceptions[${index}]`,
        kind: "exception",
      })),
      ...given.acceptedRisks.map(({ review, ...rest }, index): Excuse => ({
        ...rest,
        date: review,
        path: `proxmox-ha:policies.acceptedRisks[${index}]`,
        kind: "risk",
      })),
    ];
  }

  /** Whether the configuration excuses that the resource breaks the rule. Remembers that it was asked. */
  excuse(rule: string, urn: string): boolean {
    const name = nameIn(urn);
    const fitting = this.#excuses.filter(
      (one) => one.rule === rule && (one.resource === undefined || one.resource === name),
    );
    for (const one of fitting) this.#used.add(one);
    return fitting.some((one) => !this.#hasEnded(one));
  }

  /** Notes that a rule was asked, so that what excuses nothing of it can be told. */
  judged(rule: string): void {
    this.#judged.add(rule);
  }

  /** One message of everything there is to tell; undefined where there is nothing. */
  report(): string | undefined {
    const { emergency } = this.given;
    const parts = [
      ...(emergency === undefined ? [] : [`EMERGENCY, no rule stops this run: ${emergency}`]),
      ...list(
        "to do",
        this.#excuses.flatMap((one) => this.#toDo(one) ?? []),
      ),
      ...list(
        "excused",
        this.#excuses.filter((one) => this.#used.has(one) && !this.#hasEnded(one)).map(inWords),
      ),
    ];
    return parts.length === 0 ? undefined : parts.join("\n");
  }

  #toDo(one: Excuse): string | undefined {
    const what = `${one.rule}${one.resource === undefined ? "" : ` of ${one.resource}`}`;
    if (!this.#used.has(one)) {
      const why = this.#judged.has(one.rule) ? "is followed now" : "is disabled";
      return `${what} ${why}, so there is nothing to excuse: take ${one.path} out.`;
    }
    if (this.given.today <= one.date) return undefined;
    if (one.kind === "risk") {
      return `${what} was to be reviewed on ${one.date}: review it, then set ${one.path}.review.`;
    }
    const still = this.given.review ? "" : " It stops pull requests; here it is still excused.";
    return `${what} was excused until ${one.date}: repair it, or set ${one.path}.until.${still}`;
  }

  /** A risk that should have been reviewed is not gone by that; a repair that was promised is due. */
  #hasEnded({ kind, date }: Excuse): boolean {
    const { today, review } = this.given;
    return kind === "exception" && review && today > date;
  }
}

function inWords({ rule, resource, reason, date, kind }: Excuse): string {
  const when = kind === "exception" ? `until ${date}` : `accepted, to be reviewed on ${date}`;
  return `${rule}${resource === undefined ? "" : ` of ${resource}`}, ${when}: ${reason}`;
}

function list(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`)];
}
