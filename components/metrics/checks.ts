import { type DraftSite, entries, problem } from "../draft";
import type { Problem } from "../problems";

const OF_HTTP = ["organization", "bucket", "tokenFrom", "pathPrefix"] as const;

/** What Proxmox VE would refuse, or keep and never send. */
export function metricServersFit(site: DraftSite): Problem[] {
  return entries(site.metrics).flatMap(([id, server]) => {
    if (server.type === "opentelemetry" && site.cluster?.release === 8) {
      return problem(
        ["metrics", id, "type"],
        "Proxmox VE 8 sends nothing to opentelemetry; choose influxdb or graphite, or upgrade",
      );
    }
    if (server.type !== "influxdb" || server.protocol !== "udp") return [];
    return OF_HTTP.filter((key) => server[key] !== undefined).flatMap((key) =>
      problem(["metrics", id, key], "udp does not send it; write protocol: https, or take it out"),
    );
  });
}
