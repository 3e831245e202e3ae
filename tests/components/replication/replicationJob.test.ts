import { useConnections } from "../support/connections";
import { built } from "../support/reference";
import { get, inputsOf, title } from "../support/resources";

const connections = useConnections();
const CHANGES = {
  "storages.tank": { type: "zfs", pool: "rpool/data" },
  "guests.web.disk.storage": "tank",
  "guests.web.ha": {},
  "guests.web.replicate": { pve01: { comment: "Every quarter of an hour.", rate: "unlimited" } },
};

it("a replication job copies to its node, whichever of the two the guest is on now", async () => {
  const resources = await built(connections, CHANGES);
  const job = get(resources, "Replication web-pve01");
  expect(inputsOf(resources, "Replication web-pve01")).toEqual({
    ...{ resourceId: "102-1", type: "local", target: "pve01", schedule: "*/15" },
    ...{ comment: "Every quarter of an hour.", disable: false },
  });
  expect(job.ignoreChanges).toEqual(["target"]);
  expect(job.deleteBeforeReplace).toBe(true);
});

it("a guest exists before its jobs, and they before the HA manager may move it", async () => {
  const resources = await built(connections, CHANGES);
  const needed = (wanted: string) => {
    const { dependencies } = get(resources, wanted);
    return resources.filter(({ urn }) => dependencies.includes(urn)).map(title);
  };
  expect(needed("Replication web-pve01")).toContain("ContainerLegacy web");
  expect(needed("Haresource web")).toContain("Replication web-pve01");
});
