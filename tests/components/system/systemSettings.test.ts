import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built, EVERYTHING } from "../support/reference";
import { get, inputsOf, title } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
let reference: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
  reference = await built(connections);
});

const STEPS = /^Command (clock|names|repositories)-/;

describe("the nodes' system", () => {
  it("is no resource where the site file says nothing", () => {
    expect(reference.map(title).filter((name) => /SystemSettings/.test(name))).toEqual([]);
  });

  it("is set by the provider where it reads back what it has set", () => {
    expect(inputsOf(everything, "TimeLegacy time-pve01")).toEqual({
      nodeName: "pve01",
      timeZone: "Europe/Berlin",
    });
    expect(inputsOf(everything, "DnsLegacy dns-pve02")).toEqual({
      nodeName: "pve02",
      servers: ["192.168.18.1"],
      domain: "example.org",
    });
    expect(inputsOf(everything, "Config notes-pve01")).toEqual({
      nodeName: "pve01",
      description: "In the cellar.",
    });
  });

  it("is else set by scripts, once there is the cluster", () => {
    const steps = everything.filter((resource) => STEPS.test(title(resource)));
    expect(steps.map(({ name }) => name).sort()).toEqual([
      ...["clock-nas", "clock-pve01", "clock-pve02"],
      ...["names-pve01", "names-pve02", "repositories-pve01", "repositories-pve02"],
    ]);
    const last = get(everything, "Command qdevice").urn;
    for (const { dependencies } of steps) expect(dependencies).toContain(last);
  });

  it("is not undone on a host that may be gone", () => {
    for (const { inputs } of everything.filter((resource) => STEPS.test(title(resource)))) {
      expect(inputs).not.toHaveProperty("delete");
    }
  });
});
