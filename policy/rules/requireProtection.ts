import { attempt } from "../facts/judge";
import { need, UNKNOWN } from "../facts/known";
import type { Named, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

interface Config {
  exceptTag: string;
}

/** Each by itself, so that an exception for one that is to go excuses no other. */
export const requireProtection: Rule<Config> = {
  name: "require-protection",
  description: "Guests with data and storages cannot be deleted by mistake.",
  enforcementLevel: "mandatory",
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
    ...judgeEach("guest", stateful(facts, exceptTag)),
    ...judgeEach("storage", facts.storages),
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

function judgeEach(kind: string, all: Protectable[]): ReturnType<Rule["judge"]> {
  return all.flatMap(({ urn, name, protected: isProtected }) =>
    attempt(urn, `whether ${kind} ${name} may be deleted`, () => {
      if (need(isProtected, "its protection is")) return [];
      const message =
        `${kind} ${name} may be deleted: a line that is lost in the site file takes its data along. ` +
        "Set proxmox-ha:protect: true, or protect: true of the resource.";
      return [{ urn, message }];
    }),
  );
}
