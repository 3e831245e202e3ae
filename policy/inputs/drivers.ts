import { type Known, UNKNOWN } from "../facts/known";
import type { DiskFacts, GuestFacts } from "../facts/site";
import { NO_DATA } from "./disks";
import { known } from "./known";
import { type CollectedResource, optionalText } from "./resource";

/** The provider gives a VM one CD drive. What lies in a second one, the VM's component tells. */
export function withDrivers(guests: GuestFacts[], machines: CollectedResource[]): GuestFacts[] {
  const drives = new Map<string, Known<string>>();
  for (const { props } of machines) {
    const file = known(() => optionalText(props.drivers));
    if (file !== undefined) drives.set(String(known(() => props.vmid)), file);
  }
  return guests.map((guest) => {
    const drivers = drives.get(String(guest.vmid));
    if (drivers === undefined) return guest;
    const { disks } = guest;
    const storage: Known<string> = drivers === UNKNOWN ? UNKNOWN : (drivers.split(":")[0] ?? "");
    const drive: DiskFacts = { slot: "second CD drive", storage, ...NO_DATA };
    return { ...guest, drivers, disks: disks === UNKNOWN ? disks : [...disks, drive] };
  });
}
