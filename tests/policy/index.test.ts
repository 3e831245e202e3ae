import type * as policySdk from "@pulumi/policy";
import "../../policy";
import { useConnections } from "../components/support/connections";
import { isSecret, type Registered } from "../components/support/pulumi";
import { built, EVERYTHING } from "../components/support/reference";
import { title } from "../components/support/resources";
import type { Changes } from "../components/support/site";
import { analyze, type Diagnostic, type Pack, type PackResource, run } from "./support/pack";
import { UNKNOWN_MAPPING, UNKNOWN_TEXT } from "./support/inputs";

/** Judges the inputs of what the stack really registers, by CrossGuard's own code. */

jest.mock("@pulumi/policy", () => {
  const packs: Pack[] = [];
  return {
    ...jest.requireActual<typeof policySdk>("@pulumi/policy"),
    packs,
    // The real one starts a server for the CLI.
    PolicyPack: function (name: string, { policies }: Pack) {
      packs.push({ name, policies });
    },
  };
});

let pack: Pack;
let reference: Registered[];
const connections = useConnections();
beforeAll(async () => {
  const { packs } = jest.requireMock<{ packs: Pack[] }>("@pulumi/policy");
  const [only] = packs;
  if (!only || packs.length > 1) throw new Error(`there are ${packs.length} packs`);
  pack = only;
  reference = await built(connections);
});

const verdictOn = async (changes: Changes): Promise<Diagnostic[]> =>
  run(pack, await built(connections, changes));

const MAJORITY = "require-majority-after-node-loss";
const SHARED_DISKS = "require-shared-disks-for-ha";
const VM_URN =
  "urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:VirtualMachine$proxmoxve:index/vmLegacy:VmLegacy::win2016";

/** The reference site with other inputs of one resource. */
const withInputs = (wanted: string, change: Record<string, unknown>): PackResource[] =>
  reference.map((resource) =>
    title(resource) === wanted
      ? { ...resource, inputs: { ...resource.inputs, ...change } }
      : resource,
  );

describe("the pack", () => {
  it("has a name and policies, each with a kebab-case id, a description and a level", () => {
    expect(pack.name).toBe("proxmox-ha");
    expect(
      pack.policies.map(({ name, enforcementLevel }) => `${name} ${enforcementLevel}`),
    ).toEqual(["collect-inputs advisory", `${MAJORITY} mandatory`, `${SHARED_DISKS} mandatory`]);
    for (const { name, description } of pack.policies) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("collects before it judges", () => {
    const kinds = pack.policies.map((policy) =>
      "validateResource" in policy ? "resource" : "stack",
    );
    expect(kinds).toEqual(["resource", "stack", "stack"]);
  });
});

describe("the reference site", () => {
  it("passes before anything exists", async () => {
    expect(await run(pack, reference)).toEqual([]);
  });

  it("without a witness is stopped at each node whose loss it cannot bear", async () => {
    const without = (node: string): Diagnostic => ({
      policy: MAJORITY,
      level: "mandatory",
      urn: "urn:pulumi:dev::proxmox-ha::proxmox-ha:cluster:Cluster::mizar",
      message:
        "A cluster with HA resources keeps a majority of votes after losing any one node.\n" +
        `cluster mizar: without ${node}, 1 of 2 votes are left and 2 are needed, ` +
        "so the rest would reset itself with the HA guests (win2016, ubuntu). " +
        "Give the cluster a witness outside of it: site.cluster.witness.",
    });
    expect(await verdictOn({ "cluster.witness": undefined })).toEqual([
      without("pve01"),
      without("pve02"),
    ]);
  });

  it("without a witness and without HA passes", async () => {
    expect(
      await verdictOn({
        "cluster.witness": undefined,
        "guests.win2016.ha": undefined,
        "guests.ubuntu.ha": undefined,
      }),
    ).toEqual([]);
  });

  it("with an HA disk on a local storage is stopped at the guest", async () => {
    expect(await verdictOn({ "guests.win2016.disks.scsi0.storage": "local-lvm" })).toEqual([
      {
        policy: SHARED_DISKS,
        level: "mandatory",
        urn: VM_URN,
        message:
          "Every disk of an HA guest lies on storage that all nodes share on which the guest may run.\n" +
          "HA guest win2016: scsi0 lies on local-lvm, but local-lvm is local to each node. " +
          "It may have to run on pve01, pve02. " +
          "Put the disk on a storage that all of them share, as NFS is, or take the guest out of HA.",
      },
    ]);
  });

  it("with a CD image on a local storage is stopped at an HA guest", async () => {
    const verdict = await verdictOn({ "guests.win2016.iso": "local:iso/windows.iso" });
    expect(verdict.map(({ urn, message }) => [urn, message.split("\n")[1]])).toEqual([
      [
        VM_URN,
        "HA guest win2016: CD drive lies on local, but local is local to each node. " +
          "It may have to run on pve01, pve02. " +
          "Put the disk on a storage that all of them share, as NFS is, or take the guest out of HA.",
      ],
    ]);
  });

  it("with disks of other guests on a local storage passes", async () => {
    expect(await verdictOn({ "guests.web.disk.storage": "local-lvm" })).toEqual([]);
  });

  it("with a container at the witness's address is stopped at the cluster", async () => {
    const ipConfigs = [{ ipv4: { address: "192.168.18.200/24" } }];
    const verdict = await run(
      pack,
      withInputs("ContainerLegacy web", { initialization: { ipConfigs } }),
    );
    expect(verdict.map(({ policy, message }) => [policy, message.split("\n")[1]])).toEqual([
      [
        MAJORITY,
        "cluster mizar: the witness nas (192.168.18.200) is the guest web of this cluster, so its vote is lost with it. " +
          "Choose a host outside of the cluster: site.cluster.witness.",
      ],
    ]);
  });

  it("with all that a site file may say is stopped only where it says so", async () => {
    const verdict = await verdictOn(EVERYTHING);
    expect(verdict.map(({ policy, message }) => [policy, message.split("\n")[1]])).toEqual([
      [SHARED_DISKS, expect.stringMatching(/^HA guest win2016: virtio0 lies on local-lvm, /)],
    ]);
  });
});

describe("what is not known yet", () => {
  it("is told by a mandatory rule that needs it", async () => {
    const disks = [{ interface: "scsi0", datastoreId: UNKNOWN_TEXT }];
    const verdict = await run(pack, withInputs("VmLegacy win2016", { disks }));
    expect(verdict).toEqual([
      {
        policy: SHARED_DISKS,
        level: "mandatory",
        urn: VM_URN,
        message:
          "Every disk of an HA guest lies on storage that all nodes share on which the guest may run.\n" +
          "cannot judge the disks of win2016, scsi0 until its storage is known.",
      },
    ]);
  });

  it("is no matter of a rule that does not need it", async () => {
    const change = { description: UNKNOWN_TEXT, cpu: UNKNOWN_MAPPING };
    expect(await run(pack, withInputs("VmLegacy win2016", change))).toEqual([]);
    expect(await run(pack, withInputs("proxmoxve pve", { apiToken: UNKNOWN_TEXT }))).toEqual([]);
  });

  it("anywhere is either no matter or cannot be judged, and stops no rule from speaking", async () => {
    const messages = new Set<string>();
    for (const { urn, inputs } of reference) {
      for (const path of pathsIn(inputs)) {
        const hidden = reference.map((resource) =>
          resource.urn === urn ? { ...resource, inputs: replaced(inputs, path) } : resource,
        );
        for (const { level, message } of await run(pack, hidden)) {
          messages.add(`${level}: ${message.split("\n")[1]}`);
        }
      }
    }
    expect([...messages].sort()).toEqual(
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

describe("a run", () => {
  const extra = (): PackResource => {
    const found = reference.find((resource) => title(resource) === "Haresource win2016");
    if (!found) throw new Error("win2016 is not in HA");
    return { ...found, urn: "urn:gone", name: "gone", inputs: { resourceId: "vm:999" } };
  };

  it("is judged by its own resources, not by those of the run before", async () => {
    expect(await run(pack, [...reference, extra()])).toEqual([
      expect.objectContaining({
        urn: "urn:gone",
        message: expect.stringMatching(
          /\ncannot judge the disks of gone until a guest for vm:999 is known\.$/,
        ),
      }),
    ]);
    expect(await run(pack, reference)).toEqual([]);
  });

  it("is judged by the last inputs of a resource that comes twice", async () => {
    const [verdict] = await run(pack, [
      ...reference,
      extra(),
      { ...extra(), inputs: { resourceId: "vm:998" } },
    ]);
    expect(verdict?.message).toContain("until a guest for vm:998 is known.");
    expect(await run(pack, reference)).toEqual([]);
  });

  it("is silent while resources come", async () => {
    expect(await analyze(pack, extra())).toEqual([]);
    expect(await run(pack, reference)).toHaveLength(1);
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
