import { planCluster } from "../../../components/cluster/plan";
import { planInterfaces } from "../../../components/network/plan";
import { interfaceSteps } from "../../../components/network/steps";
import { readFacts } from "../../../policy/inputs/read";
import { interfaceInputs } from "../../../components/network/inputs";
import { EVERYTHING } from "../support/reference";
import { site } from "../support/site";

const nodes = planCluster(site(EVERYTHING)).nodes;

describe("the interfaces of a node", () => {
  it("come after those that they lie on, and are as large as what lies on them", () => {
    const changes = {
      "network.bonds": { bond1: { ports: ["eno3", "eno2"], mode: "active-backup" } },
      "network.bridges": { a1: { ports: ["vlan50"], mtu: 9000 }, b1: {} },
      "network.vlans": { vlan50: { on: "bond1", id: 50 } },
    };
    expect(planInterfaces(site(changes), "pve01")).toEqual([
      { name: "eno2", kind: "card", on: [], mtu: 9000 },
      { name: "eno3", kind: "card", on: [], mtu: 9000 },
      { name: "bond1", kind: "bond", on: ["eno2", "eno3"], mode: "active-backup", mtu: 9000 },
      { name: "vlan50", kind: "vlan", on: ["bond1"], id: 50, mtu: 9000 },
      { name: "a1", kind: "bridge", on: ["vlan50"], mtu: 9000 },
      { name: "b1", kind: "bridge", on: [] },
    ]);
  });

  it("are none where none is described", () => {
    expect(planInterfaces(site(), "pve01")).toEqual([]);
    expect(interfaceSteps(planCluster(site()).nodes)).toEqual([]);
  });

  it("are made on one node after the other", () => {
    expect(interfaceSteps(nodes).map(({ name, after }) => [name, after])).toEqual([
      ["network-pve01", ["bridge-pve01"]],
      ["network-pve02", ["bridge-pve02", "network-pve01"]],
    ]);
  });
});

it("what the cluster tells of them is read by the policies", () => {
  const props = { interfaces: nodes.flatMap(interfaceInputs) };
  const type = "proxmox-ha:cluster:Cluster";
  const facts = readFacts([{ type, urn: "urn:cluster", name: "mizar", props }]);
  expect(facts.bridges).toContainEqual({
    urn: "urn:cluster",
    name: "vmbr1 of pve02",
    bridge: "vmbr1",
    node: "pve02",
    vlanAware: true,
    vids: "10 20-30",
    ports: ["bond1"],
  });
  expect(facts.interfaces.filter(({ kind }) => kind !== "bridge")).toMatchObject([
    {
      name: "bond1 of pve01",
      node: "pve01",
      mode: "802.3ad",
      mtu: 9000,
      on: ["enp3s0f0", "enp3s0f1"],
    },
    { name: "bond2 of pve01", mode: "active-backup" },
    { name: "bond1 of pve02", on: ["eno2", "eno3"] },
    { name: "bond1.50 of pve01", on: ["bond1"], addresses: ["10.10.10.1/24"] },
    { name: "bond1.50 of pve02", addresses: ["10.10.10.2/24"] },
  ]);
});
