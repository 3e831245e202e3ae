import { type Known, UNKNOWN } from "../facts/known";
import type { GuestFacts } from "../facts/site";
import { readVm } from "./guest";
import { known } from "./known";
import { type CollectedResource, optionalText, type Props } from "./resource";

/** A VM of the newer resource, which is made from a template: what it does not name is as the template has it. */
export function readClonedVm(resource: CollectedResource): GuestFacts {
  const { props } = resource;
  const vm = readVm({ ...resource, props: asOlder(props) });
  const told = <T>(fact: Known<T>, ...path: string[]): Known<T> =>
    known(() => (at(props, path) === undefined ? UNKNOWN : fact));
  return {
    ...vm,
    memory: told(vm.memory, "memory", "size"),
    balloon: told(vm.balloon, "memory", "balloon"),
    vcpus: told(vm.vcpus, "cpu", "cores"),
    cpuType: told(vm.cpuType, "cpu", "type"),
    bridges: told(vm.bridges, "network"),
    nics: told(vm.nics, "network"),
    osType: UNKNOWN,
    scsiHardware: UNKNOWN,
    agent: UNKNOWN,
  };
}

/** A VM of the newest resource, which names neither disks nor cards nor memory: somebody else gives it those. */
export function readBareVm(resource: CollectedResource): GuestFacts {
  return { ...readClonedVm(resource), disks: UNKNOWN };
}

/** The same under the names of the older resource, where disks, cards and drives have no slots for keys. */
function asOlder(props: Props): Props {
  const clone = (): Props => (props.clone ?? {}) as Props;
  return derived(props, {
    vmId: () => props.resourceId,
    poolId: () => clone().poolId,
    clone: () => derived(clone(), { datastoreId: () => clone().targetDatastore }),
    memory: () => {
      const memory = (props.memory ?? {}) as Props;
      return derived(memory, { dedicated: () => memory.size, floating: () => memory.balloon });
    },
    disks: () =>
      bySlot(props.disk).flatMap(([slot, disk]) => {
        const storage = (): unknown =>
          disk.datastoreId ?? storageOf(disk.file) ?? clone().targetDatastore;
        // Where nothing is named it lies with the original's others.
        if (known(storage) === undefined) return [];
        return [derived(disk, { interface: () => slot, datastoreId: storage })];
      }),
    networkDevices: () =>
      bySlot(props.network).map(([, nic]) =>
        derived(nic, {
          vlanId: () => nic.tag,
          trunks: () => (nic.trunks as number[] | undefined)?.join(";"),
        }),
      ),
    cdrom: () => {
      const drives = bySlot(props.cdrom).map(([, drive]) => drive);
      return drives.find(({ fileId }) => fileId !== "none") ?? { fileId: "none" };
    },
  });
}

/** `over` is read when it is asked for: what is unknown throws then, and not before. */
function derived(props: Props, over: Record<string, () => unknown>): Props {
  const getters = Object.entries(over).map(([key, get]) => [key, { get }]);
  return Object.create(props, Object.fromEntries(getters) as PropertyDescriptorMap) as Props;
}

function bySlot(value: unknown): [string, Props][] {
  const slots = (value ?? {}) as Record<string, Props>;
  return Object.keys(slots).map((slot) => [slot, slots[slot] ?? {}]);
}

function storageOf(volume: unknown): string | undefined {
  return optionalText(volume)?.split(":")[0];
}

function at(props: Props, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Props | undefined)?.[key], props);
}
