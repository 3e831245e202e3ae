import { type PoolPlan, planPools } from "../../../components/pool/plan";
import { site } from "../support/site";

describe("pools", () => {
  it("are none in the reference site", () => {
    expect(planPools(site())).toEqual([]);
  });

  it("hold the guests that name them, in the order of their VMIDs", () => {
    const changes = {
      "pools.office": { comment: "The office's." },
      "pools.lab": {},
      "guests.web.pool": "office",
      "guests.win2016.pool": "office",
    };
    expect(planPools(site(changes))).toEqual<PoolPlan[]>([
      {
        id: "office",
        comment: "The office's.",
        guests: [
          { key: "win2016", vmid: 100 },
          { key: "web", vmid: 102 },
        ],
      },
      { id: "lab", comment: "", guests: [] },
    ]);
  });
});
