import { readMark } from "../../components/guest/mark";
import { guestUrn } from "../../components/guest/names";
import { planGuests } from "../../components/guest/plan";
import { PRIVATE_KEY, useConnections } from "./support/connections";
import { isSecret, plain, type Registered } from "./support/pulumi";
import { built, EVERYTHING, PASSWORD, SETTINGS, TOKEN_SECRET } from "./support/reference";
import { get, inProxmox, title } from "./support/resources";
import { site } from "./support/site";

const connections = useConnections();

let reference: Registered[];
let everything: Registered[];
let prod: Registered[];
beforeAll(async () => {
  reference = await built(connections);
  everything = await built(connections, EVERYTHING);
  prod = await built(connections, EVERYTHING, { stack: "prod", protect: true });
});

describe("replacement", () => {
  it("deletes first wherever Proxmox VE has a resource under a fixed id", () => {
    for (const resources of [reference, everything, prod]) {
      const ids = inProxmox(resources);
      expect(ids.length).toBeGreaterThanOrEqual(9);
      expect(ids.filter((resource) => !resource.deleteBeforeReplace).map(title)).toEqual([]);
    }
  });

  it("does not happen to a step, which no input replaces", () => {
    const triggers = everything.filter(({ inputs }) => "triggers" in inputs);
    expect(triggers).toEqual([]);
  });

  const always = ["nodeName", "disks[0].speed", "efiDisk", "initialization"];
  it.each([
    ["an HA VM", "VmLegacy ubuntu", {}, [...always, "started", "vmId", "clone"]],
    ["a VM", "VmLegacy ubuntu", { "guests.ubuntu.ha": undefined }, [...always, "vmId", "clone"]],
    [
      "an HA VM that may be replaced",
      "VmLegacy ubuntu",
      { "guests.ubuntu.replaceUntil": "2026-11-23" },
      [...always, "started"],
    ],
    [
      "a container",
      "ContainerLegacy web",
      {},
      [
        "nodeName",
        "features",
        "initialization.userAccount",
        "vmId",
        "unprivileged",
        "disk.datastoreId",
        "operatingSystem.templateFileId",
        "mountPoints",
      ],
    ],
    [
      "an HA container",
      "ContainerLegacy web",
      { "guests.web.ha": {} },
      [
        "nodeName",
        "features",
        "initialization.userAccount",
        "started",
        "vmId",
        "unprivileged",
        "disk.datastoreId",
        "operatingSystem.templateFileId",
        "mountPoints",
      ],
    ],
    [
      "a container that may be replaced",
      "ContainerLegacy web",
      { "guests.web.replaceUntil": "2026-11-23" },
      ["nodeName", "features", "initialization.userAccount"],
    ],
  ])("and changes that are not made: %s", async (_what, wanted, changes, ignored) => {
    expect(get(await built(connections, changes), wanted).ignoreChanges).toEqual(ignored);
  });

  it("ignores nothing where there is nothing to keep", () => {
    const ignoring = everything.filter(({ ignoreChanges }) => ignoreChanges.length > 0).map(title);
    expect(ignoring.sort()).toEqual(
      [
        "Command password-anna@pve",
        "Command token",
        "Command token-anna@pve!backup",
        "File Data-windows.iso",
        "Harule prefer-web",
        "Harule prefer-win2016",
        "Cifs share",
        "Pbs pbs",
        "Directory files",
        "Lvmthin thin",
        "Nfs Backup",
        "Nfs Data",
        "Zfspool tank",
        "Options options",
        "VmLegacy win2016",
        "VmLegacy ubuntu",
        "ContainerLegacy web",
      ].sort(),
    );
  });
});

describe("protection", () => {
  const protectedOnes = (resources: Registered[]): string[] =>
    resources
      .filter((resource) => resource.protect)
      .map(title)
      .sort();

  it("covers guests and storages where the stack protects", () => {
    expect(protectedOnes(prod)).toEqual([
      "Cifs share",
      "ContainerLegacy web",
      "Directory files",
      "Lvmthin thin",
      "Nfs Backup",
      "Nfs Data",
      "Pbs pbs",
      "VmLegacy ubuntu",
      "VmLegacy win2016",
      "Zfspool tank",
    ]);
  });

  it("covers nothing where it does not", () => {
    expect(protectedOnes(everything)).toEqual([]);
  });

  it("leaves out a guest that says so, and covers one that asks for it", async () => {
    const leave = await built(connections, { "guests.web.protect": false }, { protect: true });
    expect(protectedOnes(leave)).not.toContain("ContainerLegacy web");
    const ask = await built(connections, { "guests.web.protect": true });
    expect(protectedOnes(ask)).toEqual(["ContainerLegacy web"]);
  });
});

describe("a guest's mark", () => {
  it("is the URN that the engine gives it and that the plan foretells", () => {
    const plans = planGuests(site(EVERYTHING), SETTINGS);
    for (const plan of plans) {
      const wanted = `${plan.type === "vm" ? "VmLegacy" : "ContainerLegacy"} ${plan.key}`;
      const { urn, inputs } = get(everything, wanted);
      expect(urn).toBe(guestUrn(plan, "dev", "proxmox-ha"));
      expect(readMark(String(inputs.description))).toEqual({
        stack: "dev",
        urn,
        ...(plan.type === "container" ? { from: plan.template.volume } : {}),
      });
    }
  });
});

describe("secrets", () => {
  it.each([
    ["the provider's token", "proxmoxve pve", ["apiToken"]],
    ["a share's password", "Cifs share", ["password"]],
    ["a backup server's password", "Pbs pbs", ["password"]],
    ["the key of its backups", "Pbs pbs", ["encryptionKey"]],
    ["a step's connection, with its private key", "Command found", ["connection"]],
    [
      "a container's password",
      "ContainerLegacy web",
      ["initialization", "userAccount", "password"],
    ],
  ])("are marked as such: %s", (_what, wanted, path) => {
    const found = path.some((_, length) => {
      const value = path
        .slice(0, length + 1)
        .reduce<unknown>(
          (part, key) => (part as Record<string, unknown> | undefined)?.[key],
          get(everything, wanted).inputs,
        );
      return isSecret(value);
    });
    expect(found).toBe(true);
  });

  it("stand nowhere in plain text", () => {
    const masked = (value: unknown): unknown => {
      if (isSecret(value)) return "***";
      if (Array.isArray(value)) return value.map(masked);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
    };
    const shown = JSON.stringify(everything.map(({ inputs }) => masked(inputs)));
    for (const secret of [PRIVATE_KEY.split("\n")[1], TOKEN_SECRET, PASSWORD]) {
      expect(JSON.stringify(everything.map(({ inputs }) => plain(inputs)))).toContain(secret);
      expect(shown).not.toContain(secret);
    }
  });

  it("that a step gives out are encrypted and kept out of the log", () => {
    const giving = everything.filter(({ secretOutputs }) => secretOutputs.includes("stdout"));
    expect(giving.map(title)).toEqual(["Command token", "Command token-anna@pve!backup"]);
    expect(giving[0]?.inputs.logging).toBe("none");
  });
});

describe("the state", () => {
  it("names no node to work through, so any will do", () => {
    const inputs = JSON.stringify(everything.map((resource) => plain(resource.inputs)));
    expect(inputs).not.toMatch(/"endpoint|:\/\/[^"]*:8006|"insecure":/i);
  });

  it("has every resource of Proxmox VE made by the one provider", () => {
    const { urn } = get(everything, "proxmoxve pve");
    const others = inProxmox(everything).filter(({ provider }) => provider !== `${urn}::pve-id`);
    expect(others.map(title)).toEqual([]);
  });
});

describe("the account", () => {
  it("tells the policies its user, its privileges and the day of its token, where that is noted", async () => {
    const { user, role, privileges, issued } = get(reference, "Access pulumi-dev").inputs;
    expect([user, role, issued]).toEqual(["proxmox-ha-dev@pve", "proxmox-ha-dev", undefined]);
    expect(privileges).toContain("VM.GuestAgent.Audit");
  });
});

describe("the token", () => {
  it("is not made anew when its day is noted", async () => {
    const token = { generation: 1, rotating: false, issued: "2026-01-31" };
    const noted = await built(connections, {}, { token });
    expect(get(noted, "Access pulumi-dev").inputs.issued).toBe("2026-01-31");
    const { create, stdin } = get(noted, "Command token").inputs;
    const before = get(reference, "Command token").inputs;
    expect([create, stdin]).toEqual([before.create, before.stdin]);
  });

  it("is made anew for a generation, and then with today's connection and script", async () => {
    const rotated = await built(connections, {}, { token: { generation: 2, rotating: true } });
    const before = get(reference, "Command token");
    const after = get(rotated, "Command token");
    expect(before.ignoreChanges).toEqual(["connection", "stdin"]);
    expect(after.ignoreChanges).toEqual([]);
    expect(String(after.inputs.create)).toBe(String(before.inputs.create).replace("'1'", "'2'"));
  });

  it("changes with nothing else in the site", () => {
    const { create, delete: remove, logging } = get(everything, "Command token").inputs;
    expect(get(reference, "Command token").inputs).toMatchObject({
      create,
      delete: remove,
      logging,
    });
  });
});
