import { outputsSchema } from "../../components/outputs";
import { planOutputs, planSite, type Settings } from "../../components/plan";
import { parseSite } from "../../components/site";
import { reversed, site, siteWith } from "./support/site";

const SETTINGS: Settings = {
  stack: "dev",
  protect: true,
  today: "2026-11-23",
  token: { generation: 1, rotating: false },
};

describe("the plan of a site", () => {
  it("hands the settings to whoever needs them", () => {
    const plan = planSite(site(), SETTINGS);
    expect(plan).toMatchObject({
      stack: "dev",
      protect: true,
      access: { user: "proxmox-ha-dev@pve", generation: 1, rotating: false },
    });
    expect(plan.guests.map((guest) => guest.protect)).toEqual([true, true, true]);
  });

  it("can be repeated, and leaves the site as it is", () => {
    const given = site();
    expect(planSite(given, SETTINGS)).toEqual(planSite(site(), SETTINGS));
    expect(given).toEqual(site());
  });

  it("holds the same things when the file is turned round", () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map((item) => JSON.stringify(sorted(item))).sort()
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, inner]) => [key, sorted(inner)]),
            )
          : value;
    const turned = parseSite(reversed(siteWith({})));
    expect(sorted(planSite(turned, SETTINGS))).toEqual(sorted(planSite(site(), SETTINGS)));
  });
});

describe("the outputs", () => {
  const outputs = planOutputs(planSite(site(), SETTINGS), (node) => `https://${node}:8006`);

  it("tell what the operators' commands read", () => {
    expect(outputs).toEqual({
      cluster: { name: "mizar", release: 9, votes: 3, quorum: 2, witness: "nas" },
      nodes: [
        { name: "pve01", address: "192.168.18.251", webInterface: "https://pve01:8006" },
        { name: "pve02", address: "192.168.18.100", webInterface: "https://pve02:8006" },
      ],
      storages: [
        {
          id: "Data",
          type: "nfs",
          shared: true,
          place: "192.168.18.200:/backup/pve-data",
          server: "192.168.18.200",
          export: "/backup/pve-data",
          content: ["images", "iso", "rootdir", "vztmpl"],
        },
        {
          id: "Backup",
          type: "nfs",
          shared: true,
          place: "192.168.18.200:/backup/pve-backup",
          server: "192.168.18.200",
          export: "/backup/pve-backup",
          content: ["backup"],
        },
      ],
      guests: [
        { key: "win2016", type: "vm", vmid: 100, homeNode: "pve02", haState: "started" },
        { key: "ubuntu", type: "vm", vmid: 101, homeNode: "pve01", haState: "started" },
        { key: "web", type: "container", vmid: 102, homeNode: "pve02", haState: null },
      ],
      backupJobs: [{ id: "nightly", schedule: "02:00", storage: "Backup" }],
    });
  });

  it("tell how long a guest needs to shut down, where the file says so", () => {
    const plan = planSite(site({ "guests.ubuntu.shutdownTimeout": 600 }), SETTINGS);
    expect(planOutputs(plan, () => "").guests).toEqual([
      outputs.guests[0],
      { ...outputs.guests[1], shutdownTimeout: 600 },
      outputs.guests[2],
    ]);
  });

  it("have the shape that those commands check", () => {
    expect(outputsSchema.parse(outputs)).toEqual(outputs);
  });

  it.each([
    ["there is none", { "cluster.witness": undefined }],
    [
      "an odd number of nodes needs none",
      { "nodes.pve03": { address: "192.168.18.3", cpus: 1, memory: "4 GiB" } },
    ],
  ])("name no witness where %s", (_why, changes) => {
    const { cluster } = planOutputs(planSite(site(changes), SETTINGS), () => "");
    expect(cluster.witness).toBeNull();
  });
});
