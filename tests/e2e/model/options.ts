import type { Fragment } from "./fragment";

/** Settings stay with the cluster when they leave the file. */
export const options: Fragment = {
  created: { limits: { migration: "20 MiB/s" }, ha: { shutdownPolicy: "freeze" } },
  changed: { limits: { migration: "10 MiB/s" }, ha: { shutdownPolicy: "migrate" } },
  async check(step, lab) {
    const { data } = await lab.api("pve01", "GET", "/cluster/options");
    const { bwlimit, ha } = data as { bwlimit: string; ha: Record<string, string> };
    const told = {
      created: ["migration=20480", "freeze"],
      changed: ["migration=10240", "migrate"],
      removed: ["default=30517", "conditional"],
    }[step];
    expect(bwlimit).toContain(told[0]);
    expect(ha.shutdown_policy).toBe(told[1]);
  },
};
