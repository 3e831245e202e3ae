import { isEmpty, planSystem } from "../../../components/system/plan";
import { reversed, site } from "../support/site";

const CHANGES = {
  system: {
    timeZone: "Europe/Berlin",
    timeServers: ["nas", "192.168.18.1"],
    dns: { servers: ["192.168.18.200", "192.168.18.1"], domain: "example.org" },
    hosts: { "mail.example.org": "192.168.18.25" },
    repositories: true,
  },
  "nodes.pve02.notes": "Rack 2.\n",
};
const plan = planSystem(site(CHANGES));
const step = (name: string) => plan.steps.find((one) => one.name === name);

describe("the system of the nodes", () => {
  it("is nobody's where the site file says nothing", () => {
    expect(isEmpty(planSystem(site()))).toBe(true);
  });

  it("has its zone, its name servers as they are asked, and a node's notes without a last line break", () => {
    const dns = { servers: ["192.168.18.200", "192.168.18.1"], domain: "example.org" };
    expect(plan.nodes).toEqual([
      { name: "pve01", timeZone: "Europe/Berlin", dns },
      { name: "pve02", timeZone: "Europe/Berlin", dns, notes: "Rack 2." },
    ]);
  });

  it("gets the time from the same servers on nodes and witness, by their addresses", () => {
    for (const host of ["pve01", "pve02"]) {
      expect(step(`clock-${host}`)).toEqual({
        name: `clock-${host}`,
        host,
        script: "system/clock",
        variables: {
          TIME_ZONE: "",
          MANAGED: "yes",
          SERVERS: "192.168.18.1\n192.168.18.200",
          CLIENTS: "",
        },
      });
    }
  });

  it("lets a witness that is a time server ask the others and serve the network", () => {
    expect(step("clock-nas")?.variables).toEqual({
      TIME_ZONE: "Europe/Berlin",
      MANAGED: "yes",
      SERVERS: "192.168.18.1",
      CLIENTS: "192.168.18.0/24",
    });
  });

  it("sets a zone alone on the witness, and leaves its clock to whoever keeps it", () => {
    const { steps } = planSystem(site({ "system.timeZone": "UTC" }));
    expect(steps).toEqual([
      {
        name: "clock-nas",
        host: "nas",
        script: "system/clock",
        variables: { TIME_ZONE: "UTC", MANAGED: "no", SERVERS: "", CLIENTS: "" },
      },
    ]);
  });

  it("has no step for a witness where there is none", () => {
    const changes = {
      "cluster.witness": undefined,
      "system.timeServers": ["192.168.18.1"],
      "guests.win2016.ha": undefined,
      "guests.ubuntu.ha": undefined,
    };
    expect(planSystem(site(changes)).steps.map(({ name }) => name)).toEqual([
      "clock-pve01",
      "clock-pve02",
    ]);
  });

  it("knows the names of all nodes and hosts, and those that are given besides", () => {
    expect(step("names-pve02")?.variables).toEqual({
      HOSTS: [
        "192.168.18.100 pve02",
        "192.168.18.200 nas",
        "192.168.18.25 mail.example.org",
        "192.168.18.251 pve01",
      ].join("\n"),
    });
    expect(planSystem(site({ "system.hosts": {} })).steps.map(({ name }) => name)).toEqual([
      "names-pve01",
      "names-pve02",
    ]);
  });

  it("takes packages from the repository that the cluster names", () => {
    expect(step("repositories-pve01")?.variables).toEqual({ PACKAGES: "no-subscription" });
    const { steps } = planSystem(
      site({ "system.repositories": true, "cluster.packages": "enterprise" }),
    );
    expect(steps.map(({ variables }) => variables)).toEqual([
      { PACKAGES: "enterprise" },
      { PACKAGES: "enterprise" },
    ]);
  });

  it("is the same whatever the order in the file, but for that of the name servers", () => {
    const other = planSystem(reversed(site(CHANGES)));
    const sorted = (steps: typeof plan.steps) =>
      [...steps].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(other.nodes).toEqual(plan.nodes);
    expect(sorted(other.steps)).toEqual(sorted(plan.steps));
    const swapped = { ...CHANGES.system, timeServers: ["192.168.18.1", "nas"] };
    expect(planSystem(site({ ...CHANGES, system: swapped }))).toEqual(plan);
  });
});
