import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { guest, haResource } from "./facts";

/** What is unknown, how the site has it, whose URN the rule names, and what it waits for: `its disks are`. */
export type UnknownCase = [string, Partial<SiteFacts>, string, string];

/** What keeps every rule about HA guests from knowing which guest it is about. */
export const UNKNOWN_HA_GUEST: UnknownCase[] = [
  [
    "its HA resource is about an unknown guest",
    { haResources: [haResource({ sid: UNKNOWN })] },
    "urn:ha-win2016",
    "its HA resource id is",
  ],
  [
    "it may be one of unknown VMID",
    { guests: [guest({ vmid: UNKNOWN })] },
    "urn:ha-win2016",
    "the VMIDs of all guests are",
  ],
  ["nothing describes it", { guests: [] }, "urn:ha-win2016", "a guest for vm:100 is"],
];

/** The rule's words. `what` may bring a subject of its own: `the cache mode of win2016, scsi0|it is`. */
export function cannotJudge(subject: string, what: string): string {
  const [own, reason] = what.includes("|") ? what.split("|") : [subject, what];
  return `cannot judge ${own} until ${reason} known.`;
}
