import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

/** A soft mount gives up after a while and tells the guest that its disk is broken: file systems go read-only. */
export const forbidSoftNfs: Rule = {
  name: "forbid-soft-nfs",
  description: "NFS that holds disks of guests is mounted hard.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Leave soft and softerr out of the storage's mount options.",
  remediation: {
    types: ["proxmoxve:storage/nfs:Nfs", "proxmoxve:storage/nfsLegacy:NfsLegacy"],
    effect: "takes the option out",
    edits: ({ options, contents = ["images"] }) => {
      if (![...(contents as string[])].some((one) => DISKS.includes(one))) return [];
      const given = String(options ?? "").split(/[\s,]+/);
      const kept = given.filter((one) => !SOFT.test(one));
      if (kept.length === given.length) return [];
      return [{ path: ["options"], value: kept.length === 0 ? undefined : kept.join(",") }];
    },
  },
  judge: ({ storages }) =>
    storages
      .filter(({ type }) => type === "nfs")
      .flatMap(({ urn, name, options, contents }) =>
        attempt(urn, `the mount options of ${name}`, () => {
          const soft = need(options, "they are").find((one) => SOFT.test(one));
          if (soft === undefined) return [];
          const held = need(contents, "its content is").filter((one) => DISKS.includes(one));
          if (held.length === 0) return [];
          const message =
            `storage ${name} holds ${held.join(" and ")} and is mounted ${soft}: when the server is slow, ` +
            "guests get write errors instead of waiting, and lose data. Leave that option out: storages.*.options.";
          return [{ urn, message }];
        }),
      ),
};

const SOFT = /^soft(err)?$/;
const DISKS = ["images", "rootdir"];
