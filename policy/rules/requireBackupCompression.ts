import { enabledJobs } from "../facts/backup";
import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import { storagesById } from "../facts/storage";
import type { Rule } from "./rule";

export const requireBackupCompression: Rule = {
  name: "require-backup-compression",
  description: "Backups are compressed.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remedy: "Choose zstd, which is fast and small.",
  remediation: {
    types: ["proxmoxve:backup/job:Job"],
    effect: "compresses with zstd",
    edits: ({ compress, enabled }) =>
      enabled === false || String(compress ?? "0") !== "0"
        ? []
        : [{ path: ["compress"], value: "zstd" }],
  },
  judge: (facts) =>
    enabledJobs(facts).flatMap((job) => {
      const { urn, name } = job;
      return attempt(urn, `the compression of backup job ${name}`, () => {
        if (need(job.compress, "it is") !== "0") return [];
        const target = need(job.storage, "its storage is");
        // A Proxmox Backup Server compresses by itself.
        if (storagesById(facts).get(target)?.type === "pbs") return [];
        const message =
          `backup job ${name} does not compress, which is what Proxmox VE does unless told, ` +
          `so ${target} fills several times as fast. Choose zstd: site.backups.${name}.compress.`;
        return [{ urn, message }];
      });
    }),
};
