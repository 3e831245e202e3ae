import { attempt } from "../facts/judge";
import { need, some } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  release: number;
}

/** Privileges that came or went with a release (pve-access-control). */
const REMOVED: Record<string, number> = { "VM.Monitor": 9 };
const ADDED: [RegExp, number][] = [[/^(VM\.GuestAgent\.|VM\.Replicate$)/, 9]];

export const forbidRemovedPrivileges: Rule<Config> = {
  name: "forbid-removed-privileges",
  description: "Roles have privileges that the cluster's release knows.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remedy: "On Proxmox VE 9, replace VM.Monitor by the VM.GuestAgent privileges that are needed.",
  settings: {
    release: {
      type: "integer",
      minimum: 7,
      default: 9,
      description: "Major release of Proxmox VE where no cluster of the program tells it.",
    },
  },
  judge: ({ clusters, roles }, config) =>
    roles.flatMap(({ urn, name, privileges }) =>
      attempt(urn, `the privileges of role ${name}`, () => {
        const told = clusters.flatMap(
          ({ release }) => need(release, "the cluster's release is") ?? [],
        );
        const release = told.length > 0 ? Math.max(...told) : config.release;
        const unknown = need(privileges, "they are").filter(
          (one) =>
            release >= (REMOVED[one] ?? Infinity) ||
            ADDED.some(([those, since]) => those.test(one) && release < since),
        );
        if (unknown.length === 0) return [];
        const remedy =
          release >= 9
            ? "VM.GuestAgent.Audit and its like took its place"
            : "VM.Monitor has its place there";
        const message =
          `role ${name} has ${some(unknown)}, which Proxmox VE ${release} does not know: ` +
          `it refuses the whole role. Take it out; ${remedy}.`;
        return [{ urn, message }];
      }),
    ),
};
