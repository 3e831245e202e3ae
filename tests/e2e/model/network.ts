import type { LabClient } from "../support/labClient";
import type { Fragment, Step } from "./fragment";

/** A bridge over a bond for guests, and a VLAN of the nodes' own for migration. Addresses and cards differ by node. */
export const network: Fragment = {
  created: {
    network: {
      bonds: { bond1: { ports: ["enp3s0f0", "enp3s0f1"], mode: "active-backup" } },
      vlans: { "bond1.50": { on: "bond1", id: 50, comment: "Migration." } },
      bridges: {
        vmbr1: { ports: ["bond1"], vlanAware: true, vlans: ["10-20", 30] },
        vmbr9: { nodes: ["pve01"] },
      },
    },
    nodes: {
      pve01: { network: { "bond1.50": { address: "10.50.0.1/24" } } },
      pve02: {
        network: { "bond1.50": { address: "10.50.0.2/24" }, bond1: { primary: "enp3s0f1" } },
      },
    },
    migration: { network: "10.50.0.0/24" },
    guests: {
      bridged: {
        type: "container",
        vmid: 300,
        node: "pve01",
        bridge: "vmbr1",
        memory: "16 MiB",
        disk: { storage: "Data", size: "1 GiB" },
        template: "debian-13-standard_13.1-2_amd64.tar.zst",
        templateStorage: "Data",
      },
    },
  },
  changed: {
    network: {
      bonds: { bond1: { mode: "802.3ad", hash: "layer3+4", mtu: 9000 } },
      vlans: { "bond1.50": { comment: "Moving guests." } },
      bridges: { vmbr1: { vlans: [40, "10-20"], mtu: 9000 }, vmbr9: { nodes: ["pve02"] } },
    },
    nodes: {
      pve01: { network: { "bond1.50": { address: "10.51.0.1/24" } } },
      pve02: {
        network: { "bond1.50": { address: "10.51.0.2/24" }, bond1: { primary: undefined } },
      },
    },
    migration: { network: "10.51.0.0/24" },
  },
  async check(step, lab) {
    for (const [node, last] of [
      ["pve01", 1],
      ["pve02", 2],
    ] as const) {
      expect(await found(lab, node)).toEqual(expected(step, node, last));
    }
    const { data } = await lab.api("pve01", "GET", "/cluster/status");
    expect(data).toContainEqual(expect.objectContaining({ type: "cluster", quorate: 1 }));
  },
};

const KEYS =
  "address slaves bond_mode bond-primary bond_xmit_hash_policy bridge_ports bridge_vids mtu vlan-id";

/** What is there besides vmbr0 and its card, one text for each interface. */
async function found(lab: LabClient, node: string): Promise<string[]> {
  const { data } = await lab.api(node, "GET", `/nodes/${node}/network`);
  return (data as Record<string, string>[])
    .filter(({ iface = "" }) => !["eno1", "vmbr0"].includes(iface))
    .map((one) =>
      [one.iface, ...KEYS.split(" ").flatMap((key) => one[key] || []), one.comments?.trim() ?? []]
        .flat()
        .join(" "),
    );
}

function expected(step: Step, node: "pve01" | "pve02", last: number): string[] {
  const cards = ["enp3s0f0", "enp3s0f1"];
  switch (step) {
    case "created":
      return [
        `bond1 enp3s0f0 enp3s0f1 active-backup${node === "pve02" ? " enp3s0f1" : ""}`,
        `bond1.50 10.50.0.${last} 50 Migration.`,
        ...cards,
        "vmbr1 bond1 10-20 30",
        ...(node === "pve01" ? ["vmbr9"] : []),
      ];
    case "changed":
      return [
        "bond1 enp3s0f0 enp3s0f1 802.3ad layer3+4 9000",
        `bond1.50 10.51.0.${last} 50 Moving guests.`,
        ...cards.map((card) => `${card} 9000`),
        "vmbr1 bond1 10-20 40 9000",
        ...(node === "pve02" ? ["vmbr9"] : []),
      ];
    case "removed":
      return cards;
  }
}
