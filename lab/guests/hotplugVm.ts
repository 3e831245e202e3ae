import { splitList } from "../api/formats";
import { parsePropertyString } from "../api/propertyString";
import type { Guest } from "../state/types";
import type { Verdict } from "./pending";
import { AGENT, CLOUD_INIT_KEY, DRIVE, DRIVE_KEY, NET } from "./vmOptions";

/** Keys that a running VM does not notice (QemuServer.pm, fast_plug_option). */
const FAST = [
  "description",
  "hookscript",
  "lock",
  "migrate_downtime",
  "migrate_speed",
  "name",
  "onboot",
  "protection",
  "shares",
  "startup",
  "tags",
  "vmstatestorage",
];
/** A card that differs in one of these is another card. */
const CARD = ["model", "macaddr", "queues", "mtu"];
/** Properties of a disk that QEMU only takes at its start. */
const DISK = ["aio", "cache", "discard", "iothread", "queues", "ro", "ssd"];

/** Which devices the VM lets come and go while it runs (parse_hotplug_features). */
export function hotplugFeatures(hotplug = "1"): string[] {
  if (hotplug === "0") return [];
  return splitList(hotplug === "1" ? "network,disk,usb" : hotplug);
}

/** What becomes of a change of `key` while the VM runs (vmconfig_hotplug_pending); no `value` deletes the key. */
export function hotplugVm({ config }: Guest, key: string, value: string | undefined): Verdict {
  const features = hotplugFeatures(config.hotplug);
  const has = (feature: string): Verdict => (features.includes(feature) ? "now" : "later");
  if (FAST.includes(key) || CLOUD_INIT_KEY.test(key)) return "now";
  if (/^usb\d+$/.test(key)) return usbPlugs(config.ostype) ? has("usb") : "later";
  if (/^net\d+$/.test(key)) return cardVerdict(config[key], value, has("network"));
  if (DRIVE_KEY.test(key)) return driveVerdict(key, config[key], value, has("disk"));
  switch (key) {
    case "hotplug":
      return /cpu|memory/.test(`${config.hotplug ?? ""} ${value ?? ""}`) ? "later" : "now";
    case "tablet":
      return has("usb");
    case "vcpus":
      return has("cpu");
    case "memory":
      return has("memory");
    case "cpuunits":
    case "cpulimit":
      return "now";
    case "balloon":
      // The device itself can neither come nor go.
      return (config.balloon === "0") === (value === "0") ? "now" : "later";
    case "agent":
      return value !== undefined && sameAgent(config.agent, value) ? "now" : "later";
    default:
      return "later";
  }
}

function usbPlugs(ostype = "other"): boolean {
  return ["l26", "win8", "win10", "win11"].includes(ostype);
}

function cardVerdict(
  before: string | undefined,
  after: string | undefined,
  plug: Verdict,
): Verdict {
  if (before === undefined || after === undefined) return plug;
  const [old, now] = [parsePropertyString(before, NET), parsePropertyString(after, NET)];
  const another = CARD.some((property) => old[property] !== now[property]);
  return another || !old.bridge || !now.bridge ? plug : "now";
}

function driveVerdict(
  key: string,
  before: string | undefined,
  after: string | undefined,
  plug: Verdict,
): Verdict {
  if (/^(efidisk|tpmstate)/.test(key)) return "later";
  const fixed = /^(ide|sata)/.test(key);
  if (before === undefined || after === undefined) return fixed ? "later" : plug;
  const [old, now] = [parsePropertyString(before, DRIVE), parsePropertyString(after, DRIVE)];
  if ((old.media ?? "disk") !== (now.media ?? "disk")) {
    return { problem: "hotplug problem - unable to change media type\n" };
  }
  if (old.media === "cdrom") return "now";
  if (old.file !== now.file) return fixed ? "later" : plug;
  return DISK.some((property) => old[property] !== now[property]) ? "later" : "now";
}

function sameAgent(before: string | undefined, after: string): boolean {
  if (before === undefined) return false;
  const relevant = (text: string): string => {
    const { enabled, fstrim_cloned_disks: _trim, ...rest } = parsePropertyString(text, AGENT);
    return enabled === "1" ? JSON.stringify(Object.entries(rest).sort()) : "off";
  };
  return relevant(before) === relevant(after);
}
