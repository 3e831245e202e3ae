import type { Guest } from "../state/types";

/** Keys that a running container takes at once (pve-container Config.pm). */
const NOW =
  /^(description|onboot|startup|protection|hostname|hookscript|cores|tags|lock|swap|memory|cpulimit|cpuunits|net\d+|unused\d+)$/;

/** What becomes of a change of `key` while the container runs (vmconfig_hotplug_pending). */
export function hotplugCt(
  { config }: Guest,
  key: string,
  value: string | undefined,
): "now" | "later" {
  if (NOW.test(key)) return "now";
  // A mount point or device comes while it runs, but does not change or go.
  const fresh = value !== undefined && config[key] === undefined;
  return /^(mp|dev)\d+$/.test(key) && fresh ? "now" : "later";
}
