import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { makePolicies } from "../../policy/pack";
import { readSettings } from "../../policy/settings/read";
import { useConnections } from "../components/support/connections";
import type { Registered } from "../components/support/pulumi";
import { built } from "../components/support/reference";
import { title } from "../components/support/resources";
import { type Diagnostic, type Pack, type PackResource, remediate, run } from "./support/pack";
import { UNKNOWN_TEXT } from "./support/inputs";
import { withInputs as changed } from "./support/reference";

/** What settings make of the pack, judged on the reference site by CrossGuard's own code. */

const packWith = (policies: object, environment: NodeJS.ProcessEnv = {}): Pack => {
  const config = { "proxmox-ha:policies": JSON.stringify(policies) };
  const settings = readSettings(
    { PULUMI_CONFIG: JSON.stringify(config), ...environment },
    "2026-11-26",
  );
  return { name: "proxmox-ha", policies: makePolicies(settings) as Pack["policies"] };
};

const stackFile = (stack: string): { config: Record<string, object> } =>
  parse(readFileSync(join(__dirname, `../../Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, object>;
  };

let reference: Registered[];
let protectedSite: Registered[];
const connections = useConnections();
beforeAll(async () => {
  reference = await built(connections);
  protectedSite = await built(connections, {}, { protect: true });
});

const withInputs = (wanted: string, change: Record<string, unknown>): PackResource[] =>
  changed(reference, wanted, change);

const short = (diagnostics: Diagnostic[]): string[] =>
  diagnostics.map(({ policy, level }) => `${level} ${policy}`);

const messageOf = (diagnostics: Diagnostic[], wanted: string): string[] =>
  diagnostics.filter(({ policy }) => policy === wanted).map(({ message }) => message);

const DISKS = "require-shared-disks-for-ha";
const localDisk = { disks: [{ interface: "scsi0", datastoreId: "local-lvm" }] };

describe("a program that has no site file", () => {
  it("is told in the words of the provider what to do", async () => {
    const withoutAgent = { agent: { enabled: false } };
    const agent = async (resources: PackResource[]) =>
      messageOf(await run(packWith({}), resources), "require-guest-agent").join("\n");
    const ours = withInputs("VmLegacy win2016", withoutAgent);
    expect(await agent(ours)).toContain("then say guests.win2016.agent: true.");
    const theirs = ours.filter(({ type }) => !type.startsWith("proxmox-ha:"));
    expect(await agent(theirs)).toContain("then say agent.enabled: true of win2016.");
    expect(await agent(theirs)).not.toContain("guests.win2016");
  });
});

interface Excused {
  rule: string;
  resource?: string;
}

describe("Pulumi.prod.yaml", () => {
  it("accepts the weak points of its hardware, and is told so in one message", async () => {
    const { "proxmox-ha:policies": policies = {} } = stackFile("prod").config;
    const verdict = await run(packWith(policies), protectedSite);
    expect(short(verdict).filter((one) => one.startsWith("mandatory"))).toEqual([]);
    const [told, ...more] = messageOf(verdict, "excused-violations");
    expect(more).toEqual([]);
    const given = policies as Record<"exceptions" | "acceptedRisks", Excused[]>;
    const excuses = [...given.exceptions, ...given.acceptedRisks];
    expect(told?.split("\n").map((line) => line.replace(/[:,] .*$/, ""))).toEqual([
      "What the configuration excuses",
      "excused:",
      ...excuses.map(({ rule, resource }) => `- ${rule}${resource ? ` of ${resource}` : ""}`),
    ]);
    expect(excuses.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining([
        "keep-witness-off-disk-host",
        "keep-backups-off-disk-host",
        "require-second-link",
        "advise-node-memory",
        "require-guest-agent",
      ]),
    );
    const loud = verdict.filter(({ policy }) => excuses.some(({ rule }) => rule === policy));
    expect(loud).toEqual([]);
  });
});

describe("a guest that is to go", () => {
  it("has an exception of its own, which excuses no other", async () => {
    const { "proxmox-ha:policies": policies = {} } = stackFile("prod").config;
    const { exceptions, ...rest } = policies as { exceptions: object[] };
    const leaving = {
      rule: "require-protection",
      resource: "web",
      reason: "moved to the cloud",
      until: "2026-12-31",
    };
    const pack = packWith({ ...rest, exceptions: [...exceptions, leaving] });
    const open = (...names: string[]): PackResource[] =>
      protectedSite.map((resource) =>
        names.includes(title(resource)) ? { ...resource, protect: false } : resource,
      );
    expect(messageOf(await run(pack, open("ContainerLegacy web")), leaving.rule)).toEqual([]);
    const both = await run(pack, open("ContainerLegacy web", "VmLegacy ubuntu"));
    expect(messageOf(both, leaving.rule)).toEqual([
      expect.stringContaining("\nguest ubuntu may be deleted: "),
    ]);
  });
});

describe("Pulumi.dev.yaml", () => {
  it("has the profile development and passes", async () => {
    const { "proxmox-ha:policies": policies = {} } = stackFile("dev").config;
    expect(policies).toEqual({ profile: "development" });
    const verdict = short(await run(packWith(policies), reference));
    expect(verdict.filter((one) => one.startsWith("mandatory"))).toEqual([]);
    const production = short(await run(packWith({}), reference));
    for (const rule of ["require-protection", "require-firewall", "forbid-exposed-guests"]) {
      expect(verdict.filter((one) => one.endsWith(rule))).toEqual([]);
      expect(production).toContain(`mandatory ${rule}`);
    }
  });
});

describe("a rule", () => {
  it("has the level and the settings that the stack gives it", async () => {
    const rules = {
      "require-guest-agent": "disabled",
      "require-second-link": "mandatory",
      "require-failover-room": { level: "advisory", reserve: 2048 },
    };
    const verdict = await run(packWith({ rules }), reference);
    expect(short(verdict)).toContain("mandatory require-second-link");
    expect(short(verdict)).not.toContain("advisory require-guest-agent");
    expect(short(verdict)).toContain("advisory require-failover-room");
    expect(messageOf(verdict, "require-failover-room")[0]).toContain("after a reserve of 2 GiB");
  });

  it("is excused for one resource, whatever it finds there", async () => {
    const exceptions = [
      { rule: DISKS, resource: "win2016", reason: "moves next week", until: "2026-12-31" },
    ];
    for (const datastoreId of ["local-lvm", UNKNOWN_TEXT]) {
      const disks = [{ interface: "scsi0", datastoreId }];
      const hidden = withInputs("VmLegacy win2016", { disks });
      expect(messageOf(await run(packWith({}), hidden), DISKS)).toHaveLength(1);
      const verdict = await run(packWith({ exceptions }), hidden);
      expect(messageOf(verdict, DISKS)).toEqual([]);
      expect(messageOf(verdict, "excused-violations")).toEqual([
        "What the configuration excuses, and what is to be done about it.\n" +
          "excused:\n- require-shared-disks-for-ha of win2016, until 2026-12-31: moves next week",
      ]);
    }
    const other = await run(packWith({ exceptions }), withInputs("VmLegacy ubuntu", localDisk));
    expect(messageOf(other, DISKS)).toHaveLength(1);
  });

  it("that was excused speaks in a pull request, and not yet in an update", async () => {
    const exceptions = [
      { rule: DISKS, resource: "win2016", reason: "moves next week", until: "2026-11-25" },
    ];
    const bad = withInputs("VmLegacy win2016", localDisk);
    const update = await run(packWith({ exceptions }), bad);
    expect(messageOf(update, DISKS)).toEqual([]);
    const review = await run(packWith({ exceptions }, { PROXMOX_HA_REVIEW: "1" }), bad);
    expect(messageOf(review, DISKS)).toHaveLength(1);
    for (const verdict of [update, review]) {
      expect(messageOf(verdict, "excused-violations")[0]).toContain("was excused until 2026-11-25");
    }
  });

  it("is asked anew in each run of the same process", async () => {
    const exceptions = [
      { rule: DISKS, resource: "win2016", reason: "moves next week", until: "2026-12-31" },
    ];
    const pack = packWith({ exceptions });
    await run(pack, withInputs("VmLegacy win2016", localDisk));
    const [told] = messageOf(await run(pack, reference), "excused-violations");
    expect(told).toContain(`${DISKS} of win2016 is followed now`);
  });
});

describe("the age of a token", () => {
  it("is that on the day of the run, which exceptions go by too", async () => {
    const old = withInputs("Access pulumi-dev", { issued: "2026-01-01" });
    expect(messageOf(await run(packWith({}), old), "advise-token-age")[0]).toContain(
      "token pulumi-dev is 329 days old",
    );
  });
});

describe("an emergency", () => {
  it("lets everything through, and says why", async () => {
    const bad = withInputs("VmLegacy win2016", localDisk);
    const rules = { "require-second-link": "mandatory", "forbid-unsafe-cache": "remediate" };
    const pack = packWith({ rules }, { PROXMOX_HA_EMERGENCY: "pve02 burnt" });
    const verdict = await run(pack, bad);
    expect(verdict.map(({ level }) => level)).toEqual(verdict.map(() => "advisory"));
    expect(short(verdict)).toEqual(
      short(await run(packWith({ rules }), bad))
        .map((one) => one.replace("mandatory", "advisory"))
        .concat("advisory excused-violations"),
    );
    expect(messageOf(verdict, DISKS)[0]).toMatch(
      /^Every disk of an HA guest .+\nHA guest win2016: /,
    );
    expect(messageOf(verdict, "excused-violations")[0]).toContain(
      "EMERGENCY, no rule stops this run: pve02 burnt",
    );
  });
});

describe("clusters that the stack's file tells", () => {
  it("are judged where no component tells them", async () => {
    const without = reference.filter(({ type }) => type !== "proxmox-ha:cluster:Cluster");
    const node = (name: string, end: number): object => ({ name, address: `192.168.18.${end}` });
    const clusters = [{ clusterName: "mizar", nodes: [node("pve01", 251), node("pve02", 100)] }];
    const [told] = messageOf(
      await run(packWith({ clusters }), without),
      "require-majority-after-node-loss",
    );
    expect(told).toContain("cluster mizar: without pve01, 1 of 2 votes are left");
  });
});

describe("the level remediate", () => {
  const LEVELS = {
    "require-backup-compression": "remediate",
    "forbid-unsafe-cache": "remediate",
    "forbid-soft-nfs": "remediate",
  };
  const repaired = async (pack: Pack, resources: PackResource[]): Promise<PackResource[]> => {
    const all: PackResource[] = [];
    for (const resource of resources) all.push(await remediate(pack, resource));
    return all;
  };

  it.each<[string, string, object, object]>([
    ["require-backup-compression", "Job nightly", { compress: "0" }, { compress: "zstd" }],
    ["forbid-soft-nfs", "Nfs Data", { options: "soft" }, { options: undefined }],
    [
      "forbid-unsafe-cache",
      "VmLegacy win2016",
      { disks: [{ interface: "scsi0", datastoreId: "Data", cache: "unsafe" }] },
      { disks: [{ interface: "scsi0", datastoreId: "Data", cache: "none" }] },
    ],
  ])("repairs what %s objects to, before it is judged", async (rule, wanted, bad, good) => {
    const resources = withInputs(wanted, bad as Record<string, unknown>);
    expect(messageOf(await run(packWith({}), resources), rule)).toHaveLength(1);
    expect(await repaired(packWith({}), resources)).toEqual(resources);
    const pack = packWith({ rules: LEVELS });
    const after = await repaired(pack, resources);
    const found = after.find((resource) => title(resource as Registered) === wanted);
    for (const [key, value] of Object.entries(good)) expect(found?.inputs[key]).toEqual(value);
    expect(messageOf(await run(pack, after), rule)).toEqual([]);
  });

  it("repairs a VM by its name up to version 7 of the provider", async () => {
    const type = "proxmoxve:VM/virtualMachine:VirtualMachine";
    const disks = [{ interface: "scsi0", datastoreId: "Data", cache: "unsafe" }];
    const resources = withInputs("VmLegacy win2016", { disks }).map((resource) =>
      title(resource as Registered) === "VmLegacy win2016" ? { ...resource, type } : resource,
    );
    const rule = "forbid-unsafe-cache";
    expect(messageOf(await run(packWith({}), resources), rule)).toHaveLength(1);
    const pack = packWith({ rules: LEVELS });
    const after = await repaired(pack, resources);
    expect(after.find((resource) => resource.type === type)?.inputs.disks).toEqual([
      { interface: "scsi0", datastoreId: "Data", cache: "none" },
    ]);
    expect(messageOf(await run(pack, after), rule)).toEqual([]);
  });

  it("repairs a VM that is made from a template", async () => {
    const [type, rule] = ["proxmoxve:cloned/vm:Vm", "forbid-unsafe-cache"];
    const disks = (cache: string) => ({
      scsi0: { datastoreId: "Data", cache },
      scsi1: { datastoreId: "Data" },
    });
    const inputs = { resourceId: "100", nodeName: "pve02", disk: disks("unsafe") };
    const resources = reference.map((resource) =>
      title(resource) === "VmLegacy win2016" ? { ...resource, type, inputs } : resource,
    );
    expect(messageOf(await run(packWith({}), resources), rule)).toHaveLength(1);
    const pack = packWith({ rules: LEVELS });
    const after = await repaired(pack, resources);
    expect(after.find((resource) => resource.type === type)?.inputs.disk).toEqual(disks("none"));
    expect(messageOf(await run(pack, after), rule)).toEqual([]);
  });

  it("changes nothing where there is nothing to repair", async () => {
    expect(await repaired(packWith({ rules: LEVELS }), reference)).toEqual(reference);
  });

  it("leaves an excused resource alone, and counts that as excused", async () => {
    const exceptions = [
      {
        rule: "require-backup-compression",
        resource: "nightly",
        reason: "the CPU is old",
        until: "2026-12-31",
      },
    ];
    const pack = packWith({ rules: LEVELS, exceptions });
    const resources = withInputs("Job nightly", { compress: "0" });
    expect(await repaired(pack, resources)).toEqual(resources);
    expect(messageOf(await run(pack, resources), "excused-violations")[0]).toContain(
      "- require-backup-compression of nightly, until 2026-12-31: the CPU is old",
    );
  });

  it("keeps secrets and what is unknown, and leaves to the rule what it cannot see", async () => {
    const pack = packWith({ rules: LEVELS });
    const job = withInputs("Job nightly", { compress: "0", notesTemplate: UNKNOWN_TEXT });
    const found = (all: PackResource[], wanted: string): PackResource | undefined =>
      all.find((resource) => title(resource as Registered) === wanted);
    expect(found(await repaired(pack, job), "Job nightly")?.inputs).toMatchObject({
      compress: "zstd",
      notesTemplate: UNKNOWN_TEXT,
    });
    // As the engine marks secrets.
    const password = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "hush",
    };
    const initialization = { userAccount: { password } };
    const unsafe = withInputs("VmLegacy win2016", {
      disks: [{ interface: "scsi0", cache: "unsafe" }],
      initialization,
    });
    expect(found(await repaired(pack, unsafe), "VmLegacy win2016")?.inputs).toMatchObject({
      disks: [{ interface: "scsi0", cache: "none" }],
      initialization,
    });
    const hidden = withInputs("VmLegacy win2016", { disks: UNKNOWN_TEXT });
    expect(await repaired(pack, hidden)).toEqual(hidden);
  });
});
