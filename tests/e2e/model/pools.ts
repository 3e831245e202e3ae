import type { Fragment } from "./fragment";

export const pools: Fragment = {
  created: { pools: { office: { comment: "The office's." } }, guests: { web: { pool: "office" } } },
  changed: { pools: { office: { comment: "The office's guests." } } },
  async check(step, lab) {
    const { data } = await lab.api("pve01", "GET", "/pools");
    const found = (data as { poolid: string; comment?: string }[]).map(({ poolid, comment }) => [
      poolid,
      comment,
    ]);
    expect(found).toEqual(
      {
        created: [["office", "The office's."]],
        changed: [["office", "The office's guests."]],
        removed: [],
      }[step],
    );
  },
};
