import { useConnections } from "../support/connections";
import { plain, type Registered } from "../support/pulumi";
import { built, EVERYTHING } from "../support/reference";
import { get, inputsOf, title } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
});

/** All that must exist before a resource, near or far, of those that belong to the firewall. */
function before(wanted: string): string[] {
  const byUrn = new Map(everything.map((resource) => [resource.urn, resource]));
  const found = new Set<string>();
  const visit = (resource: Registered): void => {
    for (const urn of resource.dependencies) {
      const needed = byUrn.get(urn);
      if (!needed || found.has(title(needed))) continue;
      found.add(title(needed));
      visit(needed);
    }
  };
  visit(get(everything, wanted));
  return [...found].sort();
}

const ALL_RULES = [
  "AliasLegacy office",
  "Command firewall-guard",
  "Command set-monitoring",
  "GroupLegacy lifelines",
  "GroupLegacy web",
  "RulesLegacy site",
];

/** Rules as the provider gets them, without the options that say nothing. */
function rulesOf(title: string) {
  const { rules, ...place } = inputsOf(everything, title) as { rules: object[] };
  const said = (rule: object) =>
    Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== ""));
  return { ...place, rules: rules.map(said) };
}

describe("the firewall of the site", () => {
  it("is turned on after everything that its rules need", () => {
    expect(before("FirewallLegacy firewall")).toEqual(
      [...ALL_RULES, "Command firewall-off", "Firewall pve02", "RulesLegacy pve02"].sort(),
    );
  });

  it("is turned off before anything of it goes: what is deleted first is what waits last", () => {
    expect(inputsOf(everything, "Command firewall-off").delete).toContain("firewall-off remove");
    expect(before("Command firewall-off")).toEqual(
      [...ALL_RULES, "Firewall pve02", "RulesLegacy pve02"].sort(),
    );
  });

  it("lets nobody in but those whom the guard has looked at", () => {
    expect(before("GroupLegacy lifelines")).toEqual(["Command firewall-guard"]);
    const { stdin } = plain(get(everything, "Command firewall-guard").inputs) as { stdin: string };
    expect(stdin).toContain(
      "ENABLED='yes'\nALLOWED='10.20.0.0/16\n192.168.18.0/24\n192.168.18.100\n192.168.18.251'\n",
    );
  });

  it("says every option, as the provider turns off what is left out", () => {
    expect(inputsOf(everything, "FirewallLegacy firewall")).toEqual({
      enabled: true,
      inputPolicy: "REJECT",
      outputPolicy: "DROP",
      forwardPolicy: "ACCEPT",
      ebtables: true,
      logRatelimit: { enabled: true, burst: 5, rate: "1/second" },
    });
  });

  it("has its rules in their order", () => {
    expect(rulesOf("RulesLegacy site")).toEqual({
      rules: [
        { securityGroup: "lifelines", comment: "what the site needs", enabled: true },
        {
          type: "in",
          action: "ACCEPT",
          proto: "udp",
          dport: "161,5000:5010",
          source: "+dc/monitoring",
          log: "info",
          enabled: true,
        },
        ...["10.0.0.1", "dc/office"].map((dest) => ({
          type: "out",
          action: "DROP",
          macro: "Mail",
          dest,
          comment: "no mail",
          enabled: false,
        })),
        { securityGroup: "web", iface: "vmbr0", enabled: true },
      ],
    });
  });

  it("says every option of each rule, as one that is left out would be another rule's after a move", () => {
    const { rules } = inputsOf(everything, "RulesLegacy site") as { rules: object[] };
    const options = "comment dest dport iface log macro proto securityGroup source sport".split(
      " ",
    );
    for (const rule of rules) expect(Object.keys(rule)).toEqual(expect.arrayContaining(options));
  });

  it("has sets that are changed in place, once their aliases are there", () => {
    expect(inputsOf(everything, "Command set-monitoring")).toMatchObject({
      create: expect.stringContaining("firewall-set apply 'monitoring'") as string,
      delete: expect.stringContaining("firewall-set remove 'monitoring'") as string,
      stdin: expect.stringContaining("ENTRIES='10.20.0.5\n192.168.18.200\ndc/office'\n") as string,
    });
    expect(before("Command set-monitoring")).toEqual(["AliasLegacy office"]);
  });
});

describe("the firewall of a node", () => {
  it("has its options, and rules of its own", () => {
    expect(inputsOf(everything, "Firewall pve02")).toEqual({
      nodeName: "pve02",
      enabled: true,
      logLevelIn: "info",
      logLevelOut: "nolog",
    });
    expect(rulesOf("RulesLegacy pve02")).toEqual({
      nodeName: "pve02",
      rules: [
        { securityGroup: "lifelines", comment: "what the site needs", enabled: true },
        { type: "in", action: "DROP", macro: "Telnet", enabled: true },
      ],
    });
  });

  it("is asked of no node that the file says nothing of: one that is down would not answer", () => {
    expect(everything.map(title)).not.toContain("Firewall pve01");
    expect(everything.map(title)).not.toContain("RulesLegacy pve01");
  });
});

describe("the firewall of a guest", () => {
  it("has rules, which wait for the guest and for what they name", () => {
    expect(rulesOf("RulesLegacy web")).toEqual({
      nodeName: "pve02",
      containerId: 102,
      rules: [
        { securityGroup: "web", iface: "net0", enabled: true },
        { type: "in", action: "ACCEPT", macro: "SSH", source: "192.168.18.251", enabled: true },
      ],
    });
    expect(before("RulesLegacy web")).toEqual(
      expect.arrayContaining(["ContainerLegacy web", "GroupLegacy web"]),
    );
  });

  it("is turned on after its rules, at a node that need not be the guest's", () => {
    expect(before("Command firewall-web")).toContain("RulesLegacy web");
    expect(inputsOf(everything, "Command firewall-web")).toMatchObject({
      create: expect.stringContaining("firewall-guest apply 'lxc' '102'") as string,
      delete: expect.stringContaining("firewall-guest remove 'lxc' '102'") as string,
      stdin: expect.stringContaining(
        "OPTIONS='dhcp 1\nenable 1\nipfilter 1\nlog_level_in nolog\nlog_level_out warning\nmacfilter 1\npolicy_in DROP\npolicy_out ACCEPT'\n",
      ) as string,
    });
  });

  it("tells policies what its script sets", () => {
    expect(inputsOf(everything, "GuestFirewall ubuntu")).toEqual({
      vmId: 101,
      enabled: false,
      inputPolicy: "DROP",
      outputPolicy: "REJECT",
    });
    expect(everything.map(title)).not.toContain("RulesLegacy ubuntu");
  });

  it("has the guest's cards behind it, and no other guest's", () => {
    expect(inputsOf(everything, "ContainerLegacy web").networkInterfaces).toEqual([
      { name: "eth0", bridge: "vmbr1", firewall: true },
    ]);
    expect(inputsOf(everything, "VmLegacy ubuntu").networkDevices).toMatchObject([
      { bridge: "vmbr0", model: "virtio", firewall: true },
    ]);
    expect(inputsOf(everything, "VmLegacy win2016").networkDevices).toMatchObject([
      { bridge: "vmbr0", model: "virtio" },
    ]);
  });
});
