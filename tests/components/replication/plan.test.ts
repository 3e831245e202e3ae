import {
  jobNumber,
  planReplications,
  type ReplicationPlan,
} from "../../../components/replication/plan";
import { site } from "../support/site";

const NODE = (last: number) => ({ address: `192.168.18.${last}`, cpus: 1, memory: "4 GiB" });
const planned = (replicate: object): ReplicationPlan[] =>
  planReplications(
    site({
      "nodes.pve03": NODE(3),
      "nodes.spare": NODE(4),
      "storages.tank": { type: "zfs", pool: "rpool/data" },
      "guests.web.disk.storage": "tank",
      "guests.web.replicate": replicate,
    }),
  );

describe("a replication job", () => {
  it("has its number by its target, whatever other jobs there are", () => {
    const ids = (replicate: object) => planned(replicate).map(({ key, id }) => [key, id]);
    expect(ids({ pve03: {} })).toEqual([["web-pve03", "102-3"]]);
    expect(ids({ pve03: {}, spare: { number: 9 }, pve01: {} })).toEqual([
      ["web-pve01", "102-1"],
      ["web-pve03", "102-3"],
      ["web-spare", "102-9"],
    ]);
  });

  it("runs every quarter of an hour, within the site's limit", () => {
    expect(planned({ pve01: {} })).toEqual([
      {
        ...{ key: "web-pve01", id: "102-1", guest: "web", target: "pve01" },
        ...{ schedule: "*/15", rate: 31.25, enabled: true },
      },
    ]);
  });

  it("gets all that the file says", () => {
    const said = { schedule: "*/5", comment: "To the office.", enabled: false };
    expect(planned({ pve01: { ...said, rate: "20 MiB/s" } })[0]).toMatchObject({
      ...said,
      rate: 20.97,
    });
  });

  it.each([
    ["unlimited", undefined],
    ["1 MiB/s", 1.05],
    ["977 KiB/s", 1],
  ])("takes %s of the network", (rate, megabytes) => {
    expect(planned({ pve01: { rate } })[0]?.rate).toBe(megabytes);
  });

  it.each([
    ["pve02", undefined, 2],
    ["node-10", undefined, 10],
    ["pve02", 0, 0],
    ["alpha", undefined, undefined],
    ["alpha", 7, 7],
  ])("to %s with number %s has %s", (target, number, wanted) => {
    expect(jobNumber(target, number)).toBe(wanted);
  });

  it("is none without replicate", () => {
    expect(planReplications(site())).toEqual([]);
  });
});
