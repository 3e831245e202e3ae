import type { Fragment } from "./fragment";

export const pools: Fragment = {
  created: { pools: { office: { comment: "The office's." } }, guests: { web: { pool: "office" } } },
  changed: { pools: { office: { comment: "The office's guests." } } },
  async check(step, lab) {
    const { data } = await lab.api("pve01", "GET", "/pools");
    const office = (data as { poolid: string; comment?: string }[]).find(
      ({ poolid }) => poolid === "office",
    );
    expect(office?.comment).toBe(
      { created: "The office's.", changed: "The office's guests.", removed: undefined }[step],
    );
  },
};
