import { attempt } from "../facts/judge";
import { need, some, UNKNOWN } from "../facts/known";
import type { Named, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

interface Config {
  exceptTag: string;
}

/** What is told together: a site protects all that holds data, or forgot to. */
export const requireProtection: Rule<Config> = {
  name: "require-protection",
  description: "Guests with data and storages cannot be deleted by mistake.",
  enforcementLevel: "advisory",
  development: "disabled",
  severity: "high",
  remedy: "Set proxmox-ha:protect: true, or protect: true of the resource.",
  settings: {
    exceptTag: {
      type: "string",
      default: "stateless",
      description: "Tag of guests that hold no data.",
    },
  },
  judge: (facts, { exceptTag }) => [
    ...judgeAll("guests", stateful(facts, exceptTag)),
    ...judgeAll("storages", facts.storages),
  ],
};

type Protectable = Named & Pick<SiteFacts["storages"][number], "protected">;

function stateful({ guests }: SiteFacts, exceptTag: string): Protectable[] {
  return guests.filter(
    ({ template, tags, disks }) =>
      template !== true &&
      (tags === UNKNOWN || !tags.includes(exceptTag)) &&
      (disks === UNKNOWN || disks.some(({ data }) => data)),
  );
}

function judgeAll(kind: string, all: Protectable[]): ReturnType<Rule["judge"]> {
  const [first] = all;
  if (!first) return [];
  return attempt(first.urn, `the protection of ${kind}`, () => {
    const open = all.filter((one) => !need(one.protected, `that of ${one.name} is`));
    const [urn] = open.map((one) => one.urn);
    if (urn === undefined) return [];
    const message =
      `${open.length} of ${all.length} ${kind} may be deleted: ${some(open.map(({ name }) => name))}. A line that is lost in the ` +
      "site file takes their data along. Set proxmox-ha:protect: true, or protect: true of the resource.";
    return [{ urn, message }];
  });
}
