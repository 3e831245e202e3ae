import { z } from "zod";
import { eachOnce, form, hostName, parseCidr } from "../values";

/** Modes of a bond (bonding.txt of the Linux kernel). */
export const BOND_MODES = [
  "active-backup",
  "802.3ad",
  "balance-xor",
  "balance-rr",
  "balance-tlb",
  "balance-alb",
  "broadcast",
] as const;

/** As Linux and Proxmox VE take it: 15 characters at most, a VLAN's number behind a dot. */
const NAME = /^(?=.{2,15}$)[a-zA-Z][a-zA-Z0-9_]*(\.\d{1,4})?$/;
const interfaceName = form(NAME, "write an interface of the node, as in eno2, bond1 or bond1.50");

const bridgeName = form(
  /^[a-zA-Z][a-zA-Z0-9]{1,9}$/,
  "use 2 to 10 letters and digits, a letter first, as in vmbr1",
);
const bondName = form(/^bond\d{1,3}$/, "use bond and a number, as in bond1");

const mtu = z
  .int()
  .min(1280)
  .max(9216)
  .optional()
  .describe(
    "Largest packet in bytes, the same on every node and on the switch. What lies below is raised with it. 1500 unless said otherwise.",
  )
  .meta({ examples: [9000] });

const ports = (least: number): z.ZodArray<z.ZodString> =>
  z
    .array(interfaceName)
    .min(least, least === 0 ? undefined : "name two network cards at least")
    .refine(...eachOnce)
    .meta({ uniqueItems: true });

const common = {
  mtu,
  nodes: z
    .array(hostName)
    .min(1)
    .refine(...eachOnce)
    .optional()
    .describe("The nodes that have it. All of them unless said otherwise.")
    .meta({ uniqueItems: true, examples: [["pve01", "pve02"]] }),
  comment: z
    .string()
    .regex(/^[^\n]{1,200}$/, "write one line, 200 characters at most")
    .optional()
    .describe("Comment in the web interface."),
};

const VLANS = "write VLAN numbers from 2 to 4094 and ranges of them, as in [10, 20, 100-199]";
const vlanNumber = z.int().min(2, VLANS).max(4094, VLANS);

const isRange = (text: string): boolean => {
  const [first = 0, last = 0] = text.split("-").map(Number);
  return /^\d+-\d+$/.test(text) && first >= 2 && last <= 4094 && first <= last;
};

const bridgeSchema = z
  .strictObject({
    ports: ports(0)
      .default([])
      .describe(
        "What connects it with the outside: network cards, a bond or a VLAN. Without one, guests reach others on the same node only.",
      )
      .meta({ examples: [["eno2"], ["bond1"]] }),
    vlanAware: z
      .boolean()
      .default(false)
      .describe(
        "Guests choose their VLAN on the bridge itself, and the bridge keeps the VLANs apart.",
      ),
    vlans: z
      .array(
        z.union([vlanNumber, z.string().refine(isRange, VLANS).meta({ pattern: "^\\d+-\\d+$" })], {
          error: VLANS,
        }),
      )
      .min(1)
      .refine(...eachOnce)
      .optional()
      .describe("VLANs that a `vlanAware` bridge lets through: 2 to 4094 unless said otherwise.")
      .meta({ uniqueItems: true, examples: [[10, 20, "100-199"]] }),
    ...common,
  })
  .describe("A Linux bridge, which guests are connected to.");

const bondSchema = z
  .strictObject({
    ports: ports(2)
      .describe("Network cards that it binds together.")
      .meta({ examples: [["eno2", "eno3"]] }),
    mode: z
      .enum(BOND_MODES)
      .describe(
        "active-backup: one card works, the others wait; any switch will do. 802.3ad: LACP, which the switch has to be set up for. " +
          "Corosync works reliably over these two alone.",
      ),
    primary: interfaceName
      .optional()
      .describe("The card of an active-backup bond that works as long as it can.")
      .meta({ examples: ["eno2"] }),
    hash: z
      .enum(["layer2", "layer2+3", "layer3+4"])
      .optional()
      .describe("How 802.3ad and balance-xor spread connections over the cards: layer2 at first."),
    ...common,
  })
  .describe("Several network cards as one.");

const vlanSchema = z
  .strictObject({
    on: interfaceName
      .describe("What the VLAN runs over: a network card, a bond, or a bridge.")
      .meta({ examples: ["bond1", "vmbr0"] }),
    id: z
      .int()
      .min(1)
      .max(4094)
      .describe("Number of the VLAN.")
      .meta({ examples: [50] }),
    ...common,
  })
  .describe("A VLAN of the node itself, for an address of its own or below a bridge.");

/** What is the same on every node; each node's own is in `nodes.NAME.network`. */
export const interfaces = {
  bridges: z
    .record(bridgeName, bridgeSchema)
    .default({})
    .describe(
      "Linux bridges by their names, the same on every node. `vmbr0`, which the installer makes and which has the node's address, " +
        "is there anyway and is not described.",
    ),
  bonds: z
    .record(bondName, bondSchema)
    .default({})
    .describe("Bonds by their names, the same on every node."),
  vlans: z
    .record(interfaceName, vlanSchema)
    .default({})
    .describe(
      "VLANs of the nodes themselves, by their names: `bond1.50` for VLAN 50 on bond1, `vlan50`, or a name of your choice. A guest's " +
        "VLAN needs no entry.",
    ),
};

/** An address of the node in a network that it is in itself. */
const nodeAddress = form(
  (text) => parseCidr(text) !== undefined,
  "write an address with prefix, as in 10.10.10.1/24",
).meta({ pattern: "^\\d+(\\.\\d+){3}/\\d+$", examples: ["10.10.10.1/24"] });

export const nodeNetworkSchema = z
  .record(
    interfaceName,
    z
      .strictObject({
        address: nodeAddress
          .optional()
          .describe("Address of this node on the interface, with the prefix of its network."),
        ports: ports(0)
          .optional()
          .describe("Its ports on this node, where they are called otherwise here.")
          .meta({ examples: [["enp3s0f0"]] }),
        primary: interfaceName
          .optional()
          .describe("The primary card of a bond on this node.")
          .meta({ examples: ["enp3s0f0"] }),
        on: interfaceName
          .optional()
          .describe("What a VLAN runs over on this node.")
          .meta({ examples: ["enp3s0f0"] }),
      })
      .describe("What is this node's own."),
  )
  .default({})
  .describe(
    "What is this node's own of the interfaces in `network.bridges`, `network.bonds` and `network.vlans`, by their names.",
  );
