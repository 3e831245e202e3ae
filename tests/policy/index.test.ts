import type * as policySdk from "@pulumi/policy";
import "../../policy";
import { RULES } from "../../policy/catalogue";
import { useConnections } from "../components/support/connections";
import type { Registered } from "../components/support/pulumi";
import { built, EVERYTHING } from "../components/support/reference";
import { title } from "../components/support/resources";
import type { Changes } from "../components/support/site";
import { analyze, type Diagnostic, type Pack, type PackResource, run } from "./support/pack";
import { objectionsOf, SHARED_DISKS, VM_URN, withInputs } from "./support/reference";

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

const objections = (resources: PackResource[]): Promise<Diagnostic[]> =>
  objectionsOf(pack, resources);

const verdictOn = async (changes: Changes): Promise<Diagnostic[]> =>
  objections(await built(connections, changes));

const MAJORITY = "require-majority-after-node-loss";

describe("the pack", () => {
  it("has a name and policies, each with a kebab-case id, a description and a level", () => {
    expect(pack.name).toBe("proxmox-ha");
    expect(
      pack.policies.map(({ name, enforcementLevel }) => `${name} ${enforcementLevel}`),
    ).toEqual([
      "collect-inputs advisory",
      ...RULES.map((rule) => `${rule.name} ${rule.enforcementLevel}`),
      "excused-violations advisory",
    ]);
    for (const { name, description } of pack.policies) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("collects before it judges", () => {
    const kinds = pack.policies.map((policy) =>
      "validateResource" in policy ? "resource" : "stack",
    );
    expect(kinds).toEqual(["resource", ...RULES.map(() => "stack"), "stack"]);
  });
});

describe("the reference site", () => {
  it("passes before anything exists", async () => {
    expect(await objections(reference)).toEqual([]);
  });

  it("is told its weak points, each once", async () => {
    const advice = (await run(pack, reference)).map(({ policy, level, message }) => [
      `${policy} ${level}`,
      message.split("\n")[1],
    ]);
    expect(advice).toEqual([
      [
        "keep-witness-off-disk-host advisory",
        "cluster mizar: the witness nas also serves Data, where disks of HA guests lie. " +
          "Without that host these guests hang on every node and the third vote is gone as well. " +
          "Let another host be the witness: site.cluster.witness.",
      ],
      [
        "require-backup-room advisory",
        "not judged: whether backups fit Backup (about 564 GiB needed). " +
          "Say what the storage has: require-backup-room.sizes.",
      ],
      [
        "keep-backups-off-disk-host advisory",
        "storage Backup takes the backups and Data the disks, both on the host 192.168.18.200: " +
          "when it breaks, both are gone. Back up to another host, or copy the backups to one.",
      ],
      [
        "require-second-copy mandatory",
        "storage Backup on the host 192.168.18.200 has the only backups of ubuntu, win2016, web: what takes that host " +
          "takes them all. Copy them to another host, site.copies, add a job to one, or name a storage that is copied away: require-second-copy.elsewhere.",
      ],
      [
        "advise-token-age advisory",
        "token pulumi-dev never expires, and its age is not known. Make it anew, which notes the day: " +
          "npm run -s ops -- token rotate. A token of your own gets an expirationDate.",
      ],
      [
        "require-firewall mandatory",
        "not judged: whether the cluster's firewall is on, which nothing in this program says. It is off unless " +
          "somebody turned it on: anyone who reaches the nodes then reaches all that listens on them. " +
          "Describe it: proxmoxve.cluster.FirewallLegacy with enabled: true, and an IP set management before it.",
      ],
      ...["ubuntu", "win2016", "web"].map((name) => [
        "forbid-exposed-guests mandatory",
        `guest ${name} is on vmbr0 with the nodes and not behind the firewall: who takes it over reaches web interface, ` +
          "SSH and corosync of every node. Give it a bridge or VLAN of its own, or firewall: true on its cards and a " +
          "firewall that is on and lets nothing out to the nodes.",
      ]),
      ...["guest ubuntu", "guest win2016", "guest web", "storage Backup", "storage Data"].map(
        (what) => [
          "require-protection mandatory",
          `${what} may be deleted: a line that is lost in the site file takes its data along. ` +
            "Set proxmox-ha:protect: true, or protect: true of the resource.",
        ],
      ),
      [
        "require-windows-drivers advisory",
        "guest win2016 has VirtIO devices (scsi0 on virtio-scsi-single, net0 (virtio)), for which Windows brings no " +
          "drivers: its setup finds no disk. Put virtio-win.iso into its drive (guests.win2016.drivers), and tag it virtio " +
          "when they are installed.",
      ],
      [
        "require-guest-agent advisory",
        "VM ubuntu has no guest agent: its backups are those of a machine that lost power, and a shutdown hangs until " +
          "its time is up. Install it, then say guests.ubuntu.agent: true.",
      ],
      [
        "require-guest-agent advisory",
        "VM win2016 has no guest agent: its backups are those of a machine that lost power, and a shutdown hangs until " +
          "its time is up. Install it, then say guests.win2016.agent: true.",
      ],
      [
        "require-second-link advisory",
        "cluster mizar: one link each for corosync, storage and guests on pve01, pve02: a broken switch " +
          "resets every node with HA guests, and a busy link delays corosync. " +
          "Add a second link, site.nodes.*.link1, or a bond.",
      ],
      [
        "require-notification mandatory",
        "nobody is told when backup job nightly fails or a node is fenced: root@pam has no mail address in the program, " +
          "and no target is named. Give it one that is read, or make a target on the cluster and name it: " +
          "require-notification.targets.",
      ],
      [
        "advise-node-memory advisory",
        "node pve01 reports 3.75 GiB of memory, and a host for guests should have 8: " +
          "Proxmox VE itself, its cache and the guests of a lost node share it.",
      ],
    ]);
  });

  it("without a witness is stopped at each node whose loss it cannot bear", async () => {
    const without = (node: string): Diagnostic => ({
      policy: MAJORITY,
      level: "mandatory",
      urn: "urn:pulumi:dev::proxmox-ha::proxmox-ha:cluster:Cluster::mizar",
      message:
        "A cluster with HA resources keeps a majority of votes after losing any one node.\n" +
        `cluster mizar: without ${node}, 1 of 2 votes are left and 2 are needed, ` +
        "so the rest would reset itself with the HA guests (ubuntu, win2016). " +
        "Give the cluster a witness outside of it: site.cluster.witness.",
    });
    expect(await verdictOn({ "cluster.witness": undefined })).toEqual([
      without("pve01"),
      without("pve02"),
    ]);
  });

  it("passes while steps of a witness that it had before are deleted", async () => {
    const step = reference.find((resource) => title(resource) === "Command trust-nas");
    const name = "trust-old";
    const urn = (step?.urn ?? "").replace("trust-nas", name);
    const old = { ...(step as PackResource), urn, name, deleted: true };
    expect(urn).toMatch(/::trust-old$/);
    expect(await objections([...reference, old])).toEqual([]);
    expect(await objections([...reference, { ...old, deleted: false }])).not.toEqual([]);
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
          "Every disk of an HA guest is there on all nodes on which the guest may run, shared or replicated.\n" +
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
    const verdict = await objections(
      withInputs(reference, "ContainerLegacy web", { initialization: { ipConfigs } }),
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
      [SHARED_DISKS, expect.stringMatching(/^HA guest web: mp1 lies on local-lvm, /)],
      [SHARED_DISKS, expect.stringMatching(/^HA guest win2016: virtio0 lies on local-lvm, /)],
      ["require-node-after-loss", expect.stringMatching(/^HA guest web may run on pve02 alone, /)],
      [
        "require-node-after-loss",
        expect.stringMatching(/^HA rule group-office keeps 2 guests tog/),
      ],
      [
        "require-node-after-loss",
        expect.stringMatching(/^HA rule group-servers keeps 2 guests ap/),
      ],
      [
        "require-backup-coverage",
        expect.stringMatching(/^guest web: mp1 is left out of its backups/),
      ],
    ]);
  });
});

describe("a run", () => {
  const disksVerdict = async (resources: PackResource[]): Promise<Diagnostic[]> =>
    (await run(pack, resources)).filter(({ policy }) => policy === SHARED_DISKS);

  const extra = (): PackResource => {
    const found = reference.find((resource) => title(resource) === "Haresource win2016");
    if (!found) throw new Error("win2016 is not in HA");
    return { ...found, urn: "urn:gone", name: "gone", inputs: { resourceId: "vm:999" } };
  };

  it("is judged by its own resources, not by those of the run before", async () => {
    expect(await disksVerdict([...reference, extra()])).toEqual([
      expect.objectContaining({
        urn: "urn:gone",
        message: expect.stringMatching(
          /\ncannot judge the disks of gone until a guest for vm:999 is known\.$/,
        ),
      }),
    ]);
    expect(await disksVerdict(reference)).toEqual([]);
  });

  it("is judged by the last inputs of a resource that comes twice", async () => {
    const [verdict] = await disksVerdict([
      ...reference,
      extra(),
      { ...extra(), inputs: { resourceId: "vm:998" } },
    ]);
    expect(verdict?.message).toContain("until a guest for vm:998 is known.");
    expect(await disksVerdict(reference)).toEqual([]);
  });

  it("is silent while resources come", async () => {
    expect(await analyze(pack, extra())).toEqual([]);
    expect(await disksVerdict(reference)).not.toEqual([]);
  });
});
