import { makePolicies } from "../../policy/pack";
import { readSettings } from "../../policy/settings/read";
import { useConnections } from "../components/support/connections";
import { isSecret, type Registered } from "../components/support/pulumi";
import { built } from "../components/support/reference";
import { UNKNOWN_MAPPING, UNKNOWN_TEXT } from "./support/inputs";
import { type Pack, run } from "./support/pack";
import { objectionsOf, SHARED_DISKS, VM_URN, withInputs } from "./support/reference";

/** A preview cannot tell all that the stack registers: what the whole pack makes of that. */

const pack: Pack = {
  name: "proxmox-ha",
  policies: makePolicies(readSettings({}, "2026-11-26")) as Pack["policies"],
};
let reference: Registered[];
const connections = useConnections();
beforeAll(async () => {
  reference = await built(connections);
});

describe("what is not known yet", () => {
  it("is told by a mandatory rule that needs it", async () => {
    const disks = [{ interface: "scsi0", datastoreId: UNKNOWN_TEXT }];
    const verdict = await objectionsOf(pack, withInputs(reference, "VmLegacy win2016", { disks }));
    expect(verdict.filter(({ policy }) => policy === SHARED_DISKS)).toEqual([
      {
        policy: SHARED_DISKS,
        level: "mandatory",
        urn: VM_URN,
        message:
          "Every disk of an HA guest is there on all nodes on which the guest may run, shared or replicated.\n" +
          "cannot judge the disks of win2016, scsi0 until its storage is known.",
      },
    ]);
  });

  it("is no matter of a rule that does not need it", async () => {
    const change = { description: UNKNOWN_TEXT, vga: UNKNOWN_MAPPING };
    expect(await objectionsOf(pack, withInputs(reference, "VmLegacy win2016", change))).toEqual([]);
    expect(
      await objectionsOf(pack, withInputs(reference, "proxmoxve pve", { apiToken: UNKNOWN_TEXT })),
    ).toEqual([]);
  });

  it("anywhere is either no matter or cannot be judged, and stops no rule from speaking", async () => {
    const advice = (await run(pack, reference)).map(({ message }) => message);
    const messages = new Set<string>();
    for (const { urn, inputs } of reference) {
      for (const path of pathsIn(inputs)) {
        const hidden = reference.map((resource) =>
          resource.urn === urn ? { ...resource, inputs: replaced(inputs, path) } : resource,
        );
        for (const { level, message } of await run(pack, hidden)) {
          if (!advice.includes(message)) messages.add(`${level}: ${message.split("\n")[1]}`);
        }
      }
    }
    // Advice about all guests is given about the rest of them when one cannot be judged.
    const others = [...messages].filter(
      (one) =>
        !/: cannot judge .+ until .+ known\.$/.test(one) &&
        !/^mandatory: storage Backup on .+ has the only backups of /.test(one),
    );
    expect(others).toEqual([]);
    expect(
      [...messages]
        .filter((one) => / judge the (disks|votes)/.test(one) && one.startsWith("mandatory"))
        .sort(),
    ).toEqual(
      [
        "the disks of ubuntu until its HA resource id is",
        "the disks of ubuntu until the VMIDs of all guests are",
        "the disks of ubuntu until the cluster's nodes and HA rules are",
        "the disks of ubuntu until they are",
        "the disks of ubuntu, CD drive until its storage is",
        "the disks of ubuntu, scsi0 until its storage is",
        "the disks of win2016 until its HA resource id is",
        "the disks of win2016 until the VMIDs of all guests are",
        "the disks of win2016 until the cluster's nodes and HA rules are",
        "the disks of win2016 until they are",
        "the disks of win2016, CD drive until its storage is",
        "the disks of win2016, scsi0 until its storage is",
        "the votes of cluster mizar until its nodes and witness are",
        "the votes of cluster mizar until the addresses of all guests are",
      ].map((what) => `mandatory: cannot judge ${what} known.`),
    );
  });
});

type Path = (string | number)[];

/** Every place below a resource's inputs. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path];
  if (typeof value !== "object" || value === null || isSecret(value)) return here;
  return [
    ...here,
    ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key])),
  ];
}

function replaced(inputs: Record<string, unknown>, path: Path): Record<string, unknown> {
  const copy = structuredClone(inputs);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy);
  (parent as Record<string, unknown>)[path.at(-1) ?? ""] = UNKNOWN_TEXT;
  return copy;
}
