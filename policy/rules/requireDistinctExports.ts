import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import { overlappingExports } from "../facts/storage";
import type { Rule } from "./rule";

/** Proxmox VE takes each storage for a place of its own: two guests get one disk, and what one frees the other loses. */
export const requireDistinctExports: Rule = {
  name: "require-distinct-exports",
  description: "No export is defined as two storages, and none lies inside another.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Let each storage have an export of its own, beside those of the others.",
  judge: (facts) => [
    ...facts.storages.flatMap(({ urn, name, ...storage }) =>
      attempt(urn, `the export of ${name}`, () => {
        need(storage.server, "its server is");
        need(storage.export, "it is");
        return [];
      }),
    ),
    ...overlappingExports(facts).map(({ inner, outer, same }) => ({
      urn: inner.urn,
      message:
        `storage ${inner.name} is ${String(inner.export)} of ${String(inner.server)}, ` +
        (same
          ? `and so is storage ${outer.name}: their volumes get the same names and are taken for each other's. `
          : `which lies inside ${String(outer.export)}, storage ${outer.name}: what one removes the other loses. `) +
        "Give each storage an export of its own.",
    })),
  ],
};
