import {
  type ContainerPlan,
  type GuestPlan,
  planGuests,
  type VirtualMachinePlan,
} from "../../../components/guest/plan";
import { parseSite } from "../../../components/site";
import { type Changes, reversed, site, siteWith } from "../support/site";

const RULES = { protect: false, today: "2026-11-23" };
const TEMPLATE = "debian-13-standard_13.1-2_amd64.tar.zst";

function planOf(key: string, changes: Changes = {}, rules = RULES): GuestPlan {
  const plan = planGuests(site(changes), rules).find((guest) => guest.key === key);
  if (!plan) throw new Error(`no guest ${key} is planned`);
  return plan;
}

describe("the reference guests", () => {
  const common = {
    notes: "",
    tags: [],
    protection: false,
    protect: false,
    replaceable: false,
    storages: ["Data"],
  };

  it("are a Windows server, an Ubuntu server and a container", () => {
    const vm = {
      type: "vm" as const,
      template: false,
      cpu: "x86-64-v2-AES",
      bios: "seabios" as const,
      scsiHardware: "virtio-scsi-single",
      boot: ["scsi0", "net0"],
      networks: [{ bridge: "vmbr0", model: "virtio" as const }],
      agent: false,
      restart: true,
    } satisfies Partial<GuestPlan>;
    const image = { slot: "scsi0", storage: "Data", format: "qcow2", discard: true } as const;
    expect(planGuests(site(), RULES)).toEqual<GuestPlan[]>([
      {
        ...common,
        ...vm,
        files: [],
        key: "win2016",
        vmid: 100,
        node: "pve02",
        managed: true,
        os: "win10",
        cores: 2,
        memory: 2048,
        disks: [{ ...image, size: 40 }],
      },
      {
        ...common,
        ...vm,
        files: [],
        key: "ubuntu",
        vmid: 101,
        node: "pve01",
        managed: true,
        os: "l26",
        cores: 1,
        memory: 512,
        disks: [{ ...image, size: 16 }],
      },
      {
        ...common,
        type: "container",
        key: "web",
        vmid: 102,
        node: "pve02",
        managed: false,
        files: [`Data:vztmpl/${TEMPLATE}`],
        template: { key: `Data-${TEMPLATE}`, volume: `Data:vztmpl/${TEMPLATE}` },
        osType: "debian",
        unprivileged: true,
        cores: 1,
        memory: 256,
        swap: 256,
        disk: { slot: "rootfs", storage: "Data", size: 8 },
        mounts: [],
        networks: [{ name: "eth0", bridge: "vmbr0", firewall: false, address: "dhcp" }],
        console: "tty",
        sshKeys: [],
      },
    ]);
  });

  it("have their keys for names, so the order of the file means nothing", () => {
    const byKey = (plans: GuestPlan[]) => Object.fromEntries(plans.map((plan) => [plan.key, plan]));
    const turned = planGuests(parseSite(reversed(siteWith({}))), RULES);
    expect(byKey(turned)).toEqual(byKey(planGuests(site(), RULES)));
  });
});

describe("a guest", () => {
  it("has sorted tags and notes without blanks around them", () => {
    const changes = { "guests.web.tags": ["web", "dmz"], "guests.web.notes": " In the cellar.\n" };
    expect(planOf("web", changes)).toMatchObject({
      tags: ["dmz", "web"],
      notes: "In the cellar.",
    });
  });

  it.each([
    [undefined, false],
    [{}, true],
    [{ state: "started" }, true],
    [{ state: "stopped" }, true],
    [{ state: "disabled" }, true],
    [{ state: "ignored" }, false],
  ])("with HA %j is the HA manager's to start and stop: %s", (ha, managed) => {
    expect(planOf("web", { "guests.web.ha": ha }).managed).toBe(managed);
  });

  // What the stack says, what the guest says, what holds.
  it.each([
    [true, undefined, true],
    [true, false, false],
    [true, true, true],
    [false, undefined, false],
    [false, true, true],
    [false, false, false],
  ])("in a stack that protects (%s) and that says %s is protected: %s", (stack, own, protect) => {
    const rules = { ...RULES, protect: stack };
    expect(planOf("web", { "guests.web.protect": own }, rules).protect).toBe(protect);
  });

  it.each([
    ["before the day", "2026-11-22", true],
    ["on the day", "2026-11-23", true],
    ["after the day", "2026-11-24", false],
    ["in the next year", "2027-01-01", false],
  ])("may be replaced up to and including a day: %s", (_when, today, replaceable) => {
    const changes = { "guests.web.replaceUntil": "2026-11-23" };
    expect(planOf("web", changes, { ...RULES, today }).replaceable).toBe(replaceable);
  });

  it("may not be replaced without a day", () => {
    expect(planOf("web").replaceable).toBe(false);
  });

  it("waits for the storages that the stack makes, each once, and for no other", () => {
    const changes = {
      "guests.ubuntu.disks": {
        scsi0: { storage: "Data", size: "1 GiB" },
        scsi1: { storage: "Data", size: "1 GiB" },
        scsi2: { storage: "local-lvm", size: "1 GiB" },
      },
      "storages.Images": { type: "nfs", server: "nas", export: "/iso", content: ["iso"] },
      "guests.ubuntu.iso": "Images:iso/debian.iso",
      "guests.web.templateStorage": "local",
    };
    expect(planOf("ubuntu", changes).storages).toEqual(["Data", "Images"]);
    expect(planOf("web", changes).storages).toEqual(["Data"]);
  });
});

describe("a VM", () => {
  const vm = (changes: Changes) => planOf("ubuntu", changes) as VirtualMachinePlan;

  it("has its disks by slot, the number counting as one, and boots from the first", () => {
    const disk = { storage: "Data", size: "1 GiB" };
    const disks = { virtio0: disk, scsi10: disk, scsi2: disk, sata0: disk };
    expect(vm({ "guests.ubuntu.disks": disks }).disks.map(({ slot }) => slot)).toEqual([
      "sata0",
      "scsi2",
      "scsi10",
      "virtio0",
    ]);
  });

  it("has raw images where the storage is made of blocks, which take no qcow2", () => {
    const changes = { "guests.ubuntu.disks.scsi0.storage": "local-lvm" };
    expect(vm(changes).disks).toEqual([
      { slot: "scsi0", storage: "local-lvm", size: 16, format: "raw", discard: true },
    ]);
  });

  it("gets all that the file says", () => {
    const said = {
      cpu: "host",
      agent: true,
      iso: "Data:iso/debian.iso",
      cores: 3,
    };
    const changes = Object.fromEntries(
      Object.entries(said).map(([key, value]) => [`guests.ubuntu.${key}`, value]),
    );
    expect(vm({ ...changes, "guests.ubuntu.memory": "1.5 GiB" })).toMatchObject({
      ...said,
      memory: 1536,
    });
  });
});

describe("the place of a guest in its node's order", () => {
  const start = { order: 2, delay: 30 };
  const said = { "guests.web.start": start, "guests.web.shutdownTimeout": 300 };

  it("is what the file says, with the time that it gets to shut down", () => {
    expect(planOf("web", said)).toMatchObject({
      startup: { order: 2, upDelay: 30, downDelay: 300 },
      shutdownTimeout: 300,
    });
  });

  it.each([
    ["order alone", { "guests.web.start": { order: 0 } }, { order: 0 }],
    ["time for its shutdown alone", { "guests.web.shutdownTimeout": 300 }, { downDelay: 300 }],
    ["nothing", {}, undefined],
  ])("may be %s", (_what, changes, startup) => {
    const plan = planOf("web", changes);
    expect(plan.startup).toEqual(startup);
  });

  it("is none for an HA guest, whose time to shut down is kept all the same", () => {
    const plan = planOf("ubuntu", { "guests.ubuntu.shutdownTimeout": 300 });
    expect(plan).toMatchObject({ managed: true, shutdownTimeout: 300 });
    expect(plan).not.toHaveProperty("startup");
  });

  it("counts for a guest that HA ignores", () => {
    expect(planOf("web", { ...said, "guests.web.ha": { state: "ignored" } }).startup).toEqual({
      order: 2,
      upDelay: 30,
      downDelay: 300,
    });
  });
});

describe("a guest that Proxmox VE protects", () => {
  it("is one that the file says so of, whatever the stack protects", () => {
    const protection = (changes: Changes, protect: boolean) =>
      planOf("web", changes, { ...RULES, protect }).protection;
    expect(protection({ "guests.web.protection": true }, false)).toBe(true);
    expect(protection({}, true)).toBe(false);
  });
});

describe("a container", () => {
  const container = (changes: Changes) => planOf("web", changes) as ContainerPlan;

  it("has as much swap as memory, unless the file says otherwise", () => {
    expect(container({ "guests.web.memory": "1 GiB" }).swap).toBe(1024);
    expect(container({ "guests.web.swap": "0 MiB" }).swap).toBe(0);
  });

  it.each([
    ["debian-13-standard_13.1-2_amd64.tar.zst", "debian"],
    ["ubuntu-24.04-standard_24.04-2_amd64.tar.zst", "ubuntu"],
    ["alpine-3.22-default_20250617_amd64.tar.xz", "alpine"],
    ["centos-9-stream-default_20240828_amd64.tar.xz", "centos"],
    ["rockylinux-9-default_20240912_amd64.tar.xz", "unmanaged"],
    ["nas-appliance_1.tar.gz", "unmanaged"],
    ["4linux.tar.gz", "unmanaged"],
  ])("from %s is set up as %s", (template, osType) => {
    expect(container({ "guests.web.template": template }).osType).toBe(osType);
  });

  it("gets all that the file says", () => {
    const card = { bridge: "vmbr1", address: "192.168.18.30/24", gateway: "192.168.18.1" };
    const said = {
      cores: 2,
      sshKeys: ["ssh-ed25519 AAAA admin"],
      passwordFrom: "webRootPassword",
    };
    const changes = Object.fromEntries(
      Object.entries({ ...card, ...said }).map(([key, value]) => [`guests.web.${key}`, value]),
    );
    const bridged = { ...changes, "network.bridges": { vmbr1: {} } };
    expect(container(bridged)).toMatchObject({ ...said, networks: [{ name: "eth0", ...card }] });
  });

  it("refers to its template by the key that the template is planned under", () => {
    expect(container({ "guests.web.templateStorage": "local" }).template).toEqual({
      key: `pve02-local-${TEMPLATE}`,
      volume: `local:vztmpl/${TEMPLATE}`,
    });
  });
});
