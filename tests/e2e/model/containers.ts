import type { LabClient } from "../support/labClient";
import type { Fragment } from "./fragment";

const VMID = 350;
const MOUNT = { storage: "Data", size: "1 GiB", path: "/srv" };

async function config(lab: LabClient): Promise<Record<string, unknown>> {
  const { data } = await lab.api("pve01", "GET", `/nodes/pve02/lxc/${VMID}/config`);
  return data as Record<string, unknown>;
}

/** Two cards, mount points, limits and names: all that a container may say of itself. */
export const containers: Fragment = {
  created: {
    guests: {
      files: {
        type: "container",
        vmid: VMID,
        node: "pve02",
        template: "debian-13-standard_13.1-2_amd64.tar.zst",
        templateStorage: "Data",
        os: "debian",
        memory: "64 MiB",
        swap: "32 MiB",
        cores: 1,
        cpuLimit: 0.5,
        cpuUnits: 50,
        disk: { storage: "Data", size: "1 GiB" },
        mounts: {
          mp0: MOUNT,
          mp1: { ...MOUNT, path: "/cache", options: ["noatime"] },
        },
        networks: [
          { address: "192.168.18.90/24", gateway: "192.168.18.1" },
          { name: "backup0", mac: "BC:24:11:00:03:50", address6: "auto", mtu: 1400 },
        ],
        features: { nesting: true },
        console: "shell",
        dns: { servers: ["192.168.18.1", "192.168.18.2"], domain: "example.org" },
        tags: ["files"],
        notes: "Files of the office.",
        start: { order: 3, delay: 10 },
        shutdownTimeout: 90,
      },
    },
  },
  changed: {
    guests: {
      files: {
        memory: "96 MiB",
        swap: "0 MiB",
        cores: 2,
        cpuLimit: 1.5,
        cpuUnits: 200,
        disk: { size: "2 GiB" },
        mounts: {
          mp0: { size: "2 GiB" },
          mp1: { readOnly: true },
          mp2: { ...MOUNT, path: "/new" },
        },
        networks: [
          { address: "192.168.18.91/24", gateway: "192.168.18.1" },
          { name: "backup0", mac: "BC:24:11:00:03:50", address6: "auto" },
          { address: "dhcp", rateLimit: "10 MiB/s" },
        ],
        features: { nesting: false },
        console: "tty",
        dns: { servers: ["192.168.18.3"], domain: "example.net" },
        tags: ["files", "office"],
        notes: "Files.",
        start: { order: 4 },
        shutdownTimeout: 60,
      },
    },
  },
  async check(step, lab) {
    const found = await config(lab);
    if (step === "removed") return expect(found).toBeNull();
    const told = {
      created: {
        ...{ memory: 64, swap: 32, cores: 1, cpulimit: 0.5, cpuunits: 50, cmode: "shell" },
        ...{ unprivileged: 1, ostype: "debian", features: "nesting=1", tags: "files" },
        ...{ nameserver: "192.168.18.1 192.168.18.2", searchdomain: "example.org" },
        startup: "down=90,order=3,up=10",
        rootfs: expect.stringMatching(/size=1G$/) as unknown,
        mp0: expect.stringMatching(/mp=\/srv,backup=1,size=1G$/) as unknown,
        mp1: expect.stringContaining("mountoptions=noatime") as unknown,
        net0: expect.stringContaining("ip=192.168.18.90/24") as unknown,
        net1: expect.stringContaining("mtu=1400") as unknown,
      },
      changed: {
        ...{ memory: 96, swap: 0, cores: 2, cpulimit: 1.5, cpuunits: 200, cmode: "tty" },
        ...{ tags: "files;office", nameserver: "192.168.18.3", searchdomain: "example.net" },
        startup: "down=60,order=4,up=10",
        rootfs: expect.stringContaining("size=2G") as unknown,
        mp0: expect.stringContaining("size=2G") as unknown,
        mp1: expect.stringContaining("ro=1") as unknown,
        mp2: expect.stringContaining("mp=/new") as unknown,
        net0: expect.stringContaining("ip=192.168.18.91/24") as unknown,
        net2: expect.stringContaining("rate=10") as unknown,
      },
    }[step];
    expect(found).toMatchObject(told);
    if (step === "changed") expect(String(found.features)).not.toContain("nesting=1");
  },
};
