import { runState } from "../guests/power";
import { memoryOf, nameOf } from "../guests/status";
import { emptyFiles, type HaFiles, type Resource } from "../ha/core/types";
import { verboseState } from "../ha/core/report";
import { resourcesOn } from "../ha/resources";
import { serviceId } from "../ha/serviceId";
import type { Site } from "../site";
import type { Guest, Pmxcfs } from "../state/types";
import type { GuestPicture, GuestState } from "./pictureTypes";

/** Every guest of every cluster, and of nodes that are in none. */
export function guestPictures(site: Site): GuestPicture[] {
  const answering = site.network.answering();
  return Object.values(site.state.pmxcfs)
    .flatMap((config) => {
      const [first] = Object.values(site.state.hosts).filter(
        ({ node }) => node?.pmxcfs === config.id,
      );
      const resources = first ? resourcesOn(site, first.name) : {};
      const files = config.ha.files ?? emptyFiles();
      return Object.values(config.guests).map((guest) => ({
        ...guestPicture(site, config, guest, answering),
        ha: haOf(guest, resources, files),
      }));
    })
    .sort((one, other) => one.vmid - other.vmid);
}

function guestPicture(
  site: Site,
  config: Pmxcfs,
  guest: Guest,
  answering: ReadonlySet<Guest>,
): Omit<GuestPicture, "ha"> {
  const answers = answering.has(guest);
  const runs = site.hardware.isOn(guest.node) && runState(site, guest) !== undefined;
  const waitsFor = runs ? site.storages.stalled(guest) : [];
  return {
    key: `${config.id}/${guest.vmid}`,
    vmid: guest.vmid,
    name: nameOf(guest),
    type: guest.type === "qemu" ? "VM" : "container",
    node: guest.node,
    state: stateOf(site, guest, waitsFor),
    waitsFor,
    lock: guest.config.lock ?? null,
    memory: memoryOf(guest),
    port: guest.port ?? null,
    answers,
  };
}

function stateOf(site: Site, guest: Guest, waitsFor: string[]): GuestState {
  if (guest.config.template === "1") return "template";
  if (!site.hardware.isOn(guest.node)) return "node is off";
  const run = runState(site, guest);
  if (!run) return "stopped";
  if (run.paused !== undefined) return "paused";
  if (waitsFor.length > 0) return "stalled";
  return (run.answersAt ?? 0) > site.clock.now() ? "booting" : "running";
}

function haOf(
  guest: Guest,
  resources: Record<string, Resource>,
  files: HaFiles,
): GuestPicture["ha"] {
  const sid = serviceId(guest);
  const resource = resources[sid];
  if (!resource) return null;
  const state = verboseState(files.manager_status.service_status[sid], resource);
  return { state, wanted: resource.state };
}
