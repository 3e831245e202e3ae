import { type Ages, hours } from "../copies";
import type { Finding } from "./findings";

/** Copies of backups that are older than they may be, missing, or cannot be looked at. */
export function lateCopies(copies: Ages[]): Finding[] {
  return copies.flatMap(({ copy: { name, maxAge }, ages }): Finding[] => {
    const on = { kind: "copy", resource: `copy/${name}` } as const;
    if (ages instanceof Error) {
      const [what = ""] = ages.message.split("\n  What to do:");
      return [{ ...on, what: what.trim(), remedy: "then: npm run -s ops -- copies" }];
    }
    return ages
      .filter(({ late }) => late)
      .map(({ vmid, age }) => ({
        ...on,
        what:
          age === undefined
            ? `guest ${vmid} has backups and no copy`
            : `the newest copy of guest ${vmid} is ${hours(age)} old, and may be ${hours(maxAge)}`,
        remedy: `look on the nodes: journalctl -u proxmox-ha-copy-${name}; systemctl start proxmox-ha-copy-${name}.service copies at once`,
      }));
  });
}
