import type { Site } from "../site";
import type { CrsSettings, DatacenterSettings, ShutdownPolicy } from "./core/types";

/** What of datacenter.cfg concerns HA: `ha: shutdown_policy=…`, `crs: ha=…,…`, `max_workers`. */
export function settingsOf(site: Site, node: string): DatacenterSettings {
  const { ha = "", crs, max_workers } = site.pmxcfs(node).options ?? {};
  const policy = partsOf(ha).shutdown_policy as ShutdownPolicy | undefined;
  return {
    ...(policy === undefined ? {} : { shutdown_policy: policy }),
    ...(max_workers === undefined ? {} : { max_workers: Number(max_workers) }),
    ...(crs === undefined ? {} : { crs: crsOf(partsOf(crs)) }),
  };
}

function crsOf(parts: Record<string, string | undefined>): CrsSettings {
  const threshold = parts["ha-auto-rebalance-threshold"];
  const holdDuration = parts["ha-auto-rebalance-hold-duration"];
  const margin = parts["ha-auto-rebalance-margin"];
  const share = (percent: string): number => Number(percent) / (Number(percent) > 1 ? 100 : 1);
  return {
    ...(parts.ha === undefined ? {} : { ha: parts.ha as NonNullable<CrsSettings["ha"]> }),
    rebalanceOnStart: parts["ha-rebalance-on-start"] === "1",
    autoRebalance: parts["ha-auto-rebalance"] === "1",
    ...(threshold === undefined ? {} : { threshold: share(threshold) }),
    ...(holdDuration === undefined ? {} : { holdDuration: Number(holdDuration) }),
    ...(margin === undefined ? {} : { margin: share(margin) }),
  };
}

function partsOf(text: string): Record<string, string | undefined> {
  const parts = text.split(",").map((part) => part.split("="));
  return Object.fromEntries(parts.map(([key = "", value = ""]) => [key, value]));
}
