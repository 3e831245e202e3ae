import { useConnections } from "./support/connections";
import type { Registered } from "./support/pulumi";
import { built } from "./support/reference";
import { get, title } from "./support/resources";

const connections = useConnections();
const TEMPLATE = "debian-13-standard_13.1-2_amd64.tar.zst";

let reference: Registered[];
beforeAll(async () => {
  reference = await built(connections);
});

describe("the order", () => {
  /** All that must exist before a resource, near or far. */
  function before(resources: Registered[], wanted: string): Set<string> {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const found = new Set<string>();
    const visit = (resource: Registered): void => {
      const provider = resource.provider.split("::").slice(0, -1).join("::");
      for (const urn of [...resource.dependencies, resource.parent, provider]) {
        const needed = byUrn.get(urn);
        if (!needed || found.has(title(needed))) continue;
        found.add(title(needed));
        visit(needed);
      }
    };
    visit(get(resources, wanted));
    return found;
  }

  it.each([
    ["Command trust-nas", ["Command key-pve01", "Command key-pve02"]],
    ["Command logins-pve01", ["Command trust-pve01", "Command trust-pve02"]],
    ["Command found", ["Command logins-pve01", "Command logins-pve02", "Command trust-nas"]],
    ["Command authority", ["Command found"]],
    ["Command join-pve02", ["Command found"]],
    ["Command qdevice", ["Command join-pve02", "Command qnetd"]],
    ["Access pulumi-dev", ["Command qdevice"]],
    ["Command token", ["Command account", "Command qdevice"]],
    ["proxmoxve pve", ["Command token", "Command authority", "Command qdevice"]],
    ["Nfs Data", ["proxmoxve pve", "Command qdevice"]],
    [`Command template-Data-${TEMPLATE}`, ["Nfs Data"]],
    ["VmLegacy win2016", ["Nfs Data", "proxmoxve pve"]],
    ["ContainerLegacy web", ["Nfs Data", `Command template-Data-${TEMPLATE}`]],
    ["Haresource win2016", ["VmLegacy win2016", "proxmoxve pve"]],
    ["Harule prefer-win2016", ["Haresource win2016"]],
    [
      "Job nightly",
      [
        "Nfs Backup",
        "VmLegacy win2016",
        "VmLegacy ubuntu",
        "ContainerLegacy web",
        "Harule prefer-win2016",
      ],
    ],
  ])("lets %s wait for %j", (wanted, needed) => {
    const found = before(reference, wanted);
    expect(needed.filter((name) => !found.has(name))).toEqual([]);
  });

  it.each([
    ["VmLegacy win2016", ["VmLegacy ubuntu", "ContainerLegacy web", "Nfs Backup", "Job nightly"]],
    ["Haresource win2016", ["VmLegacy ubuntu", "Haresource ubuntu"]],
    ["Nfs Data", ["Nfs Backup"]],
  ])("does not let %s wait for %j", (wanted, unneeded) => {
    const found = before(reference, wanted);
    expect(unneeded.filter((name) => found.has(name))).toEqual([]);
  });

  it("lets each node after the second wait for the one before it", async () => {
    const node = (last: number) => ({ address: `192.168.18.${last}`, cpus: 1, memory: "4 GiB" });
    const more = { pve03: connections.pve01, pve04: connections.pve02 };
    const resources = await built({ ...connections, ...more } as typeof connections, {
      "nodes.pve04": node(4),
      "nodes.pve03": node(3),
    });
    expect([...before(resources, "Command join-pve04")]).toContain("Command join-pve03");
    expect([...before(resources, "Command join-pve03")]).toContain("Command join-pve02");
  });

  it("is that in which the engine gets to know of them", () => {
    const seen = new Set<string>();
    for (const { urn, dependencies, parent } of reference) {
      for (const needed of [...dependencies, parent].filter((entry) => entry !== "")) {
        expect(seen).toContain(needed);
      }
      seen.add(urn);
    }
  });
});
