import { type Known, UNKNOWN } from "../facts/known";
import type {
  ClusterFacts,
  DiskFacts,
  GuestFacts,
  HaResourceFacts,
  HaRuleFacts,
  SiteFacts,
  StorageFacts,
} from "../facts/site";
import { known } from "./known";

/** A resource of the run, as `validateResource` sees it. */
export interface CollectedResource {
  type: string;
  urn: string;
  name: string;
  /** Inputs; reading an unknown one throws. */
  props: Record<string, unknown>;
}

type Props = Record<string, unknown>;

/** Turns the collected inputs into facts. Only named properties are read, each on its own. */
export function readFacts(resources: CollectedResource[]): SiteFacts {
  const of = <T>(types: string[], read: (resource: CollectedResource) => T): T[] =>
    resources.filter((resource) => types.includes(resource.type)).map(read);
  return {
    clusters: of(["proxmox-ha:cluster:Cluster"], readCluster),
    haResources: of(
      [
        "proxmoxve:index/haresource:Haresource",
        "proxmoxve:index/haresourceLegacy:HaresourceLegacy",
      ],
      readHaResource,
    ),
    haRules: of(
      ["proxmoxve:index/harule:Harule", "proxmoxve:index/haruleLegacy:HaruleLegacy"],
      readHaRule,
    ),
    guests: [
      ...of(["proxmoxve:index/vmLegacy:VmLegacy"], readVm),
      ...of(["proxmoxve:index/containerLegacy:ContainerLegacy"], readContainer),
    ],
    storages: Object.entries(STORAGES).flatMap(([type, shared]) =>
      of([`proxmoxve:storage/${type}`, `proxmoxve:storage/${legacy(type)}`], (resource) =>
        readStorage(resource, shared),
      ),
    ),
  };
}

/** Storage types of the provider, and whether all nodes see the same volumes. */
const STORAGES: Record<string, boolean> = {
  "nfs:Nfs": true,
  "cifs:Cifs": true,
  "pbs:Pbs": true,
  "directory:Directory": false,
  "lvm:Lvm": false,
  "lvmthin:Lvmthin": false,
  "zfspool:Zfspool": false,
};

function legacy(type: string): string {
  return type.replace(/^(\w+):(\w+)$/, "$1Legacy:$2Legacy");
}

function readCluster({ urn, name, props }: CollectedResource): ClusterFacts {
  return {
    urn,
    name,
    nodes: known(() =>
      list(props.nodes).map((node) => ({
        name: String(node.name),
        address: String(node.address),
        votes: Number(node.votes ?? 1),
      })),
    ),
    witness: known(() => {
      const witness = props.witness as Props | undefined;
      return witness && { name: String(witness.name), address: String(witness.address) };
    }),
    qdevice: known(() => props.qdevice === true),
  };
}

function readHaResource({ urn, name, props }: CollectedResource): HaResourceFacts {
  return { urn, name, sid: known(() => String(props.resourceId)) };
}

function readHaRule({ urn, name, props }: CollectedResource): HaRuleFacts {
  return {
    urn,
    name,
    type: known(() => String(props.type)),
    sids: known(() => [...((props.resources as string[] | undefined) ?? [])]),
    nodes: known(() => Object.keys((props.nodes as Props | undefined) ?? {})),
    strict: known(() => props.strict === true),
    disabled: known(() => props.disable === true),
  };
}

function readVm({ urn, name, props }: CollectedResource): GuestFacts {
  const single = (slot: string, key: string): DiskFacts[] => {
    const part = props[key] as Props | undefined;
    return part ? [{ slot, storage: storageIn(part, "local-lvm") }] : [];
  };
  return {
    urn,
    name,
    kind: "vm",
    vmid: known(() => props.vmId as number | undefined),
    disks: known(() => [
      ...list(props.disks).map((disk, index): DiskFacts => ({
        slot: text(
          known(() => disk.interface),
          `disk ${index}`,
        ),
        storage: storageIn(disk, "local-lvm"),
      })),
      ...single("efidisk0", "efiDisk"),
      ...single("tpmstate0", "tpmState"),
      ...single("cloud-init drive", "initialization"),
      ...cdDrive(props.cdrom as Props | undefined),
      ...clonedDisks(props.clone as Props | undefined),
    ]),
    addresses: known(() => addressesIn(props)),
  };
}

/** An image in the drive lies on a storage; `none` and `cdrom`, the node's own drive, do not. */
function cdDrive(cdrom: Props | undefined): DiskFacts[] {
  const file = cdrom && known(() => optionalText(cdrom.fileId));
  if (file === undefined || (file !== UNKNOWN && !file.includes(":"))) return [];
  return [{ slot: "CD drive", storage: file === UNKNOWN ? UNKNOWN : storageOf(file) }];
}

/** A clone has disks that nothing lists. Where no storage is named they lie where the original's lie. */
function clonedDisks(clone: Props | undefined): DiskFacts[] {
  if (!clone) return [];
  const storage = known(() => optionalText(clone.datastoreId) ?? UNKNOWN);
  return [{ slot: "disks of its original", storage }];
}

function readContainer({ urn, name, props }: CollectedResource): GuestFacts {
  return {
    urn,
    name,
    kind: "ct",
    vmid: known(() => props.vmId as number | undefined),
    disks: known(() => {
      const clone = clonedDisks(props.clone as Props | undefined);
      const root = props.disk as Props | undefined;
      const rootfs: DiskFacts = { slot: "rootfs", storage: storageIn(root ?? {}, "local") };
      return [
        ...(clone.length > 0 && !root ? [] : [rootfs]),
        ...list(props.mountPoints).flatMap((mount, index): DiskFacts[] => {
          const storage = known(() => mountedFrom(mount));
          return storage === undefined ? [] : [{ slot: `mp${index}`, storage }];
        }),
        ...clone,
      ];
    }),
    addresses: known(() => addressesIn(props)),
  };
}

/** A path on the node is bound into the container: each node has its own, unless the mount point is marked as shared. */
function mountedFrom(mount: Props): string | undefined {
  const volume = String(mount.volume);
  if (!volume.startsWith("/")) return storageOf(volume);
  return mount.shared === true ? undefined : volume;
}

/** Without prefix. What a guest gets by DHCP cannot be known. */
function addressesIn(props: Props): string[] {
  return list((props.initialization as Props | undefined)?.ipConfigs)
    .flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6] as (Props | undefined)[])
    .flatMap((part) => optionalText(part?.address) ?? [])
    .map((address) => address.replace(/\/\d+$/, ""));
}

function readStorage({ urn, name, props }: CollectedResource, shared: boolean): StorageFacts {
  return {
    urn,
    name,
    id: known(() => String(props.resourceId)),
    shared: shared || known(() => props.shared === true),
    nodes: known(() => {
      const nodes = props.nodes as string[] | undefined;
      return nodes && [...nodes];
    }),
  };
}

function list(value: unknown): Props[] {
  return Array.isArray(value) ? (value as Props[]) : [];
}

/** An empty datastore id lets the provider take a path on the node. */
function storageIn(volume: Props, fallback: string): Known<string> {
  return known(() => {
    const id = optionalText(volume.datastoreId);
    return (id === "" ? optionalText(volume.pathInDatastore) : id) ?? fallback;
  });
}

function storageOf(volume: string): string {
  return volume.split(":")[0] ?? volume;
}

/** What a program leaves out may come as null. */
function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function text(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}
