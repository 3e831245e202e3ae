import { nextEvent, parseCalendarEvent } from "../../backup/calendar";
import { backupVolumes, includedGuests } from "../../backup/selection";
import { seconds } from "../../seams/clock";
import type { Guest } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters } from "../errors";
import { optional, text, whole } from "../schema";

const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };

/** What jobs cover, and when they run. */
export const backupInfoEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/backup/{id}/included_volumes",
    returns: "object",
    parameters: { id: text({ maxLength: 50, pattern: "\\S+" }) },
    permissions: audit,
    handle: includedVolumes,
  },
  {
    method: "GET",
    path: "/cluster/backup-info/not-backed-up",
    returns: "array",
    parameters: {},
    permissions: audit,
    handle: ({ site, node, caller }) => {
      const config = site.pmxcfs(node);
      const covered = new Set(
        Object.values(config.jobs).flatMap((job) =>
          [...includedGuests(config, job).values()].flat(),
        ),
      );
      return Object.values(config.guests)
        .filter(({ vmid }) => !covered.has(vmid))
        .filter(({ vmid }) => site.access.holds(node, caller, `/vms/${vmid}`, "VM.Audit"))
        .map((guest) => ({ vmid: guest.vmid, type: guest.type, ...nameIn(guest) }));
    },
  },
  {
    method: "GET",
    path: "/cluster/jobs/schedule-analyze",
    returns: "array",
    parameters: {
      iterations: optional(whole(1, 100)),
      schedule: text({ format: "pve-calendar-event", maxLength: 128 }),
      starttime: optional(whole()),
    },
    permissions: { user: "all" },
    handle: ({ site, params }) => {
      const event = parseCalendarEvent(String(params.schedule));
      const runs: { timestamp: number; utc: string }[] = [];
      let last = Number(params.starttime ?? seconds(site.clock));
      for (let count = 0; count < Number(params.iterations ?? 10); count++) {
        const next = nextEvent(event, last);
        if (next === undefined) break;
        runs.push({ timestamp: next, utc: perlTime(next) });
        last = next;
      }
      return runs;
    },
  },
];

function nameIn({ type, config }: Guest): { name?: string } {
  const name = type === "qemu" ? config.name : config.hostname;
  return name === undefined ? {} : { name };
}

/** A tree of guests and their volumes, in the shape of ExtJS. */
function includedVolumes({ site, node, caller, params }: Call): Record<string, unknown> {
  const config = site.pmxcfs(node);
  const id = String(params.id);
  const job = Object.hasOwn(config.jobs, id) ? config.jobs[id] : undefined;
  if (!job) throw badParameters({ id: `No such job '${id}'` });
  const vmids = [...includedGuests(config, job).values()].flat();
  const children = vmids
    .filter((vmid) => site.access.holds(node, caller, `/vms/${vmid}`, "VM.Audit"))
    .map((vmid) => {
      const guest = config.guests[String(vmid)];
      if (!guest) return { id: vmid, type: "unknown", leaf: 1 };
      const volumes = backupVolumes(guest).map(({ key, volid, included, reason }) => ({
        id: `${vmid}:${key}`,
        name: volid,
        included: included ? 1 : 0,
        reason,
        leaf: 1,
      }));
      return {
        id: vmid,
        type: guest.type,
        name: nameIn(guest).name ?? null,
        children: volumes,
        leaf: volumes.length === 0 ? 1 : 0,
      };
    });
  return { children };
}

/** `Thu Jan  1 02:00:00 2026`, as Perl's gmtime prints it. */
function perlTime(time: number): string {
  const [weekday, day = "", month, year, hour] = new Date(time * 1000).toUTCString().split(/[ ,]+/);
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${hour} ${year}`;
}
