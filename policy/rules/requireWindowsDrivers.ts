import { attempt } from "../facts/judge";
import { need, some } from "../facts/known";
import { devicesOf, isWindowsType } from "../facts/windows";
import type { Rule } from "./rule";

interface Config {
  installedTag: string;
}

/** Windows brings no VirtIO drivers: without them its setup finds no disk, and it has no network. */
export const requireWindowsDrivers: Rule<Config> = {
  name: "require-windows-drivers",
  description: "A Windows guest has VirtIO devices, and the drivers for them.",
  enforcementLevel: "advisory",
  severity: "medium",
  remedy: "Put virtio-win.iso into the drive for the setup, then tag the guest virtio.",
  settings: {
    installedTag: {
      type: "string",
      default: "virtio",
      description: "Tag of Windows guests that have the drivers.",
    },
  },
  judge: ({ guests }, { installedTag }) =>
    guests
      .filter(({ kind, template }) => kind === "vm" && template !== true)
      .flatMap((guest) =>
        attempt(guest.urn, `the drivers of ${guest.name}`, () => {
          if (!isWindowsType(need(guest.osType, "its OS type is"))) return [];
          const { name, urn } = guest;
          const { paravirtual, emulated } = devicesOf(guest);
          if (emulated.length > 0) {
            const message =
              `guest ${name} has emulated devices: ${some(emulated)}. They take several times the CPU of VirtIO. ` +
              `Install the drivers from virtio-win.iso, then use virtio-scsi-single and virtio cards.`;
            return [{ urn, message }];
          }
          const image = need(guest.image, "its CD drive is") ?? "";
          const second = need(guest.drivers, "its second CD drive is") ?? "";
          const drivers = second !== "" || /virtio/i.test(image);
          const installed = need(guest.tags, "its tags are").includes(installedTag);
          if (drivers || installed || paravirtual.length === 0) return [];
          const message =
            `guest ${name} has VirtIO devices (${some(paravirtual)}), for which Windows brings no drivers: its setup finds ` +
            `no disk. Put virtio-win.iso into its drive (guests.${name}.drivers), and tag it ${installedTag} when they are installed.`;
          return [{ urn, message }];
        }),
      ),
};
