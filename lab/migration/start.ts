import { GUEST_WORD } from "../guests/config";
import { requestMotion } from "../ha/resources";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import type { TaskLog } from "../tasks/tasks";
import { migrateCt } from "./ct";
import type { MigrationRequest } from "./journey";
import { migrateVm } from "./vm";
import { isManaged, serviceId } from "../ha/serviceId";

/** Moves a guest; ends when it is over. */
export function migrateGuest(site: Site, request: MigrationRequest, log: TaskLog): Promise<void> {
  return request.type === "qemu" ? migrateVm(site, request, log) : migrateCt(site, request, log);
}

/** Starts the task of a migration and returns its UPID. */
export function startMigration(site: Site, request: MigrationRequest, user: string): string {
  const type = request.type === "qemu" ? "qmigrate" : "vzmigrate";
  const id = String(request.vmid);
  return site.tasks.start(request.node, type, id, user, (log) => migrateGuest(site, request, log));
}

/**
 * What `POST …/migrate` starts: the migration itself, or for an HA guest a task that only asks for it and ends at
 * once.
 */
export function requestMigration(
  site: Site,
  guest: Guest,
  request: MigrationRequest,
  user: string,
): string {
  if (!isManaged(site, guest)) return startMigration(site, request, user);
  return site.tasks.start(request.node, "hamigrate", String(guest.vmid), user, (log) => {
    const word = GUEST_WORD[guest.type];
    log.info(`Requesting HA migration for ${word} ${guest.vmid} to node ${request.target}`);
    requestMotion(site, request.node, "migrate", serviceId(guest), request.target);
  });
}
