import { type Known, UNKNOWN } from "../facts/known";
import type { GuestFacts, NicFacts } from "../facts/site";
import { disksOfContainer, disksOfVm } from "./disks";
import { known } from "./known";
import {
  type CollectedResource,
  flag,
  list,
  optionalNumber,
  optionalText,
  type Props,
  protectedBy,
  texts,
} from "./resource";

/** What the provider takes where a program says nothing is named here. */
const MEMORY = 512;

export function readVm(resource: CollectedResource): GuestFacts {
  const { props } = resource;
  return {
    ...readCommon(resource, "onBoot"),
    kind: "vm",
    disks: known(() => disksOfVm(props)),
    balloon: known(() => Number(part(props, "memory").floating ?? 0)),
    vcpus: known(() => {
      const { cores, sockets } = part(props, "cpu");
      return Number(cores ?? 1) * Number(sockets ?? 1);
    }),
    cpuType: known(() => optionalText(part(props, "cpu").type) ?? "qemu64"),
    osType: known(() => optionalText(part(props, "operatingSystem").type) ?? "other"),
    bridges: bridgesOf(props, "networkDevices"),
    hostName: known(() => optionalText(props.name)),
    nics: nicsOf(props, "networkDevices", "virtio"),
    scsiHardware: known(() => optionalText(props.scsiHardware) ?? "virtio-scsi-pci"),
    image: known(() => optionalText(part(props, "cdrom").fileId)),
    devices: known(() => devicesOf(props)),
    agent: known(() => part(props, "agent").enabled === true),
    unprivileged: undefined,
  };
}

export function readContainer(resource: CollectedResource): GuestFacts {
  const { props } = resource;
  return {
    ...readCommon(resource, "startOnBoot"),
    kind: "ct",
    disks: known(() => disksOfContainer(props)),
    balloon: 0,
    vcpus: known(() => Number(part(props, "cpu").cores ?? 1)),
    cpuType: undefined,
    osType: known(() => optionalText(part(props, "operatingSystem").type) ?? "unmanaged"),
    bridges: bridgesOf(props, "networkInterfaces"),
    hostName: known(() => optionalText(part(props, "initialization").hostname)),
    nics: nicsOf(props, "networkInterfaces", "veth"),
    scsiHardware: undefined,
    image: undefined,
    devices: known(() => list(props.devicePassthroughs).map(({ path }) => String(path))),
    agent: undefined,
    unprivileged: flag(props, "unprivileged", false),
  };
}

type Common =
  "urn" | "name" | "vmid" | "node" | "addresses" | "tags" | "pool" | "template" | "protected";

function readCommon(
  { urn, name, props, protect }: CollectedResource,
  onBoot: string,
): Pick<GuestFacts, Common | "running" | "memory" | "ordered" | "shutdown"> {
  const started = flag(props, "started", true);
  const boots = flag(props, onBoot, true);
  return {
    urn,
    name,
    vmid: known(() => props.vmId as number | undefined),
    node: known(() => String(props.nodeName)),
    addresses: known(() => addressesIn(props)),
    tags: known(() => texts(props.tags)),
    pool: known(() => optionalText(props.poolId)),
    template: flag(props, "template", false),
    protected: either(flag(props, "protection", false), protectedBy(protect)),
    running: either(started, boots),
    memory: known(() => Number(part(props, "memory").dedicated ?? MEMORY)),
    ordered: known(() => Number(part(props, "startup").order ?? -1) >= 0),
    shutdown: known(() => Number(part(props, "startup").downDelay ?? 0)),
  };
}

function either(a: Known<boolean>, b: Known<boolean>): Known<boolean> {
  if (a === true || b === true) return true;
  return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : false;
}

function bridgesOf(props: Props, key: string): Known<string[]> {
  return known(() => [
    ...new Set(list(props[key]).map(({ bridge }) => optionalText(bridge) ?? "vmbr0")),
  ]);
}

function nicsOf(props: Props, key: string, model: string): GuestFacts["nics"] {
  return known(() =>
    list(props[key]).map((nic, index): NicFacts => ({
      slot: `net${index}`,
      bridge: optionalText(nic.bridge) ?? "vmbr0",
      vlan: optionalNumber(nic.vlanId) ?? 0,
      trunk: Boolean(optionalText(nic.trunks)),
      model: optionalText(nic.model) ?? model,
      firewall: nic.firewall === true,
    })),
  );
}

/** A mapped device is one that Proxmox VE finds on every node of the mapping. */
function devicesOf(props: Props): string[] {
  const unmapped = (key: string, slot: string): string[] =>
    list(props[key]).flatMap(({ mapping, host }, index) =>
      // A stick of the one who looks at the screen, over SPICE, is no device of the node.
      optionalText(mapping) === undefined && host !== "spice" ? [`${slot}${index}`] : [],
    );
  const serial = list(props.serialDevices).map(({ device }) => optionalText(device) ?? "socket");
  // Without a word the provider takes the node's drive.
  const drive = optionalText((props.cdrom as Props | undefined)?.fileId) ?? "";
  return [
    ...unmapped("hostpcis", "hostpci"),
    ...unmapped("usbs", "usb"),
    ...serial.filter((device) => device.startsWith("/")),
    ...(["", "cdrom"].includes(drive) ? ["the node's CD drive"] : []),
  ];
}

/** Without prefix. What a guest gets by DHCP cannot be known. */
function addressesIn(props: Props): string[] {
  return list((props.initialization as Props | undefined)?.ipConfigs)
    .flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6] as (Props | undefined)[])
    .flatMap((entry) => optionalText(entry?.address) ?? [])
    .map((address) => address.replace(/\/\d+$/, ""));
}

function part(props: Props, key: string): Props {
  return (props[key] as Props | undefined) ?? {};
}
