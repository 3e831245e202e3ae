import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built, EVERYTHING } from "../support/reference";
import { get, inputsOf } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
});

describe("a container", () => {
  it("gets what the file says of processor, console, names and mount points", () => {
    expect(inputsOf(everything, "ContainerLegacy web")).toMatchObject({
      cpu: { cores: 1, limit: 0.5, units: 200 },
      features: { nesting: true },
      console: { type: "shell" },
      initialization: {
        hostname: "web",
        dns: { servers: ["192.168.18.1"], domain: "example.org" },
        ipConfigs: [{ ipv4: { address: "192.168.18.30/24", gateway: "192.168.18.1" } }],
      },
      mountPoints: [
        { volume: "Data", size: "4G", path: "/srv", backup: true, readOnly: false },
        {
          ...{ volume: "local-lvm", size: "1G", path: "/var/lib/cache", backup: false, acl: true },
          ...{ readOnly: true, quota: true, replicate: false },
          mountOptions: ["noatime", "nosuid"],
        },
      ],
    });
  });

  it("leaves out what Proxmox VE does by itself, for a change of it would restart the container", async () => {
    const inputs = inputsOf(await built(connections), "ContainerLegacy web");
    expect(inputs).not.toHaveProperty("console");
    expect(inputs).not.toHaveProperty("features");
    expect(inputs).not.toHaveProperty("mountPoints");
    expect(inputs).toMatchObject({
      cpu: { cores: 1 },
      networkInterfaces: [{ name: "eth0", bridge: "vmbr0" }],
    });
  });

  it("has several cards, each with its addresses in the same place", async () => {
    const resources = await built(connections, {
      "network.bridges": { vmbr1: {} },
      firewall: { enabled: true, management: ["192.168.18.10"] },
      "guests.web.firewall": {},
      "guests.web.networks": [
        { address: "192.168.18.30/24", gateway: "192.168.18.1" },
        {
          ...{ name: "backup0", bridge: "vmbr1", vlan: 20, mac: "BC:24:11:00:00:01", mtu: 9000 },
          firewall: false,
          ...{ rateLimit: "20 MiB/s", address6: "fd00::30/64", gateway6: "fd00::1" },
        },
      ],
    });
    expect(inputsOf(resources, "ContainerLegacy web")).toMatchObject({
      networkInterfaces: [
        { name: "eth0", bridge: "vmbr0", firewall: true },
        {
          ...{ name: "backup0", bridge: "vmbr1", vlanId: 20, macAddress: "BC:24:11:00:00:01" },
          ...{ mtu: 9000, rateLimit: 20 },
        },
      ],
      initialization: {
        ipConfigs: [
          { ipv4: { address: "192.168.18.30/24", gateway: "192.168.18.1" } },
          { ipv4: { address: "dhcp" }, ipv6: { address: "fd00::30/64", gateway: "fd00::1" } },
        ],
      },
    });
  });

  it("may have no console and be privileged", async () => {
    const changes = { "guests.web.console": "none", "guests.web.unprivileged": false };
    expect(inputsOf(await built(connections, changes), "ContainerLegacy web")).toMatchObject({
      console: { enabled: false },
      unprivileged: false,
    });
  });

  it("lets a script follow the changes of its mount points, which would replace it", () => {
    const { dependencies, inputs } = get(everything, "Command mounts-web");
    const container = get(everything, "ContainerLegacy web");
    expect(dependencies).toContain(container.urn);
    expect(container.ignoreChanges).toContain("mountPoints");
    expect(String(inputs.stdin)).toContain(
      "mp0 Data 4 backup=1,mp=/srv\n" +
        "mp1 local-lvm 1 acl=1,mountoptions=noatime;nosuid,mp=/var/lib/cache,quota=1,replicate=0,ro=1\n",
    );
  });
});
