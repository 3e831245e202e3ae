import type {
  Policies,
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { RULES } from "./catalogue";
import type { OrderFacts, SiteFacts } from "./facts/site";
import { type Given, GIVEN_SCHEMA, givenClusters } from "./inputs/given";
import { readFacts } from "./inputs/read";
import type { CollectedResource } from "./inputs/resource";
import { inProgramsWords } from "./places";
import { configured, type Rule } from "./rules/rule";
import { levelOf, withSettings } from "./settings/apply";
import { Excuses } from "./settings/excuses";
import type { Settings } from "./settings/read";
import { remedied } from "./settings/remedy";

/** What is kept while the resources of a run come, and judged when all are there. */
interface Run {
  /**
   * Rules judge inputs. In a preview of a new stack the provider's configuration is unknown, and `validateStack` then
   * sees `{}` for each of its resources; `validateResource` always sees the inputs.
   */
  collected: Map<string, CollectedResource>;
  given: Given;
  /** What all rules judge, read once. */
  facts?: SiteFacts;
  excuses: Excuses;
}

/** All policies of the pack, for a stack with these settings. */
export function makePolicies(settings: Settings): Policies {
  const begin = (): Run => ({ collected: new Map(), given: {}, excuses: new Excuses(settings) });
  let run = begin();
  /** A resource that comes after a verdict belongs to another run: the CLI starts a process for each, but need not. */
  const coming = (): Run => (run.facts ? (run = begin()) : run);

  const collector: ResourceValidationPolicy = {
    name: "collect-inputs",
    description: "Keeps what the rules over the whole site need. It never objects.",
    enforcementLevel: "advisory",
    configSchema: GIVEN_SCHEMA,
    validateResource: ({ type, urn, name, props, opts, getConfig }) => {
      const { collected } = coming();
      const { clusters = settings.clusters } = getConfig<Given>();
      run.given = clusters ? { clusters } : {};
      collected.set(urn, { type, urn, name, props, protect: opts.protect });
    },
  };

  const policyOf = (original: Rule): StackValidationPolicy => {
    const rule = withSettings(original, settings);
    const { remediation } = rule;
    return {
      name: rule.name,
      description: rule.description,
      enforcementLevel: levelOf(rule, settings),
      severity: rule.severity,
      remediationSteps: rule.remedy,
      url: `docs/policies.md#${rule.name}`,
      ...(rule.settings ? { configSchema: { properties: { ...rule.settings } } } : {}),
      // CrossGuard calls it at the level `remediate` alone, before the collector sees the resource.
      ...(remediation && {
        remediateResource: ({
          type,
          urn,
          props,
        }: {
          type: string;
          urn: string;
          props: Record<string, unknown>;
        }) => remedied(remediation, type, props, () => coming().excuses.excuse(rule.name, urn)),
      }),
      validateStack: (stack, report) => {
        run.facts ??= factsOf(run, stack.resources, settings.today);
        run.excuses.judged(rule.name);
        const hasSiteFile = stack.resources.some(({ type }) => type.startsWith("proxmox-ha:"));
        for (const found of rule.judge(run.facts, configured(rule, stack.getConfig()))) {
          const { urn } = found;
          if (run.excuses.excuse(rule.name, urn)) continue;
          const message = hasSiteFile ? found.message : inProgramsWords(found.message);
          if (settings.emergency === undefined) report(message, urn);
          else advise(report, `${rule.description}\n${message}`, urn);
        }
      },
    };
  };

  const excused: StackValidationPolicy = {
    name: "excused-violations",
    description: "What the configuration excuses, and what is to be done about it.",
    enforcementLevel: "advisory",
    severity: "low",
    url: "docs/policies.md#configuration",
    validateStack: (_stack, report) => {
      const message = run.excuses.report();
      if (message !== undefined) report(message);
    },
  };

  return [collector, ...RULES.map(policyOf), excused];
}

/** Whatever level the rule has, from whatever file. CrossGuard takes this form too, though its types leave it out. */
function advise(report: ReportViolation, message: string, urn: string): void {
  const take = report as unknown as (violation: object) => void;
  take({ message, urn, enforcementLevel: "advisory" });
}

function factsOf({ collected, given }: Run, resources: PolicyResource[], today: string): SiteFacts {
  return readFacts(
    // They come in another order in each run, and messages that name several would change with it.
    [...[...collected.values()].sort(byUrn), ...givenClusters(given, collected)],
    // The engine lists what is about to be deleted too, without having asked about it.
    resources.filter(({ urn }) => collected.has(urn)).map(readOrder),
    today,
  );
}

function byUrn(a: CollectedResource, b: CollectedResource): number {
  return a.urn < b.urn ? -1 : 1;
}

function readOrder({ urn, name, parent, dependencies, provider }: PolicyResource): OrderFacts {
  return {
    urn,
    name,
    parent: parent?.urn ?? "",
    needs: [...dependencies.map((needed) => needed.urn), ...(provider ? [provider.urn] : [])],
  };
}
