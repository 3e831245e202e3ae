import type { ContainerLegacyArgs } from "@muhlba91/pulumi-proxmoxve/containerLegacy";
import type * as pulumi from "@pulumi/pulumi";
import { addressInputs } from "./addressInputs";
import { startupInputs } from "./startupInputs";
import type { ContainerNetworkPlan, ContainerPlan, MountPlan } from "./containerPlan";

/**
 * A container as the provider takes it. What Proxmox VE does by itself is left out: the provider restarts a container
 * whose inputs name more than before.
 */
export function containerInputs(
  plan: ContainerPlan,
  description: pulumi.Input<string>,
  password: pulumi.Output<string> | undefined,
): ContainerLegacyArgs {
  const { cpuLimit: limit, cpuUnits: units } = plan;
  const account = {
    ...(plan.sshKeys.length > 0 ? { keys: plan.sshKeys } : {}),
    ...(password ? { password } : {}),
  };
  return {
    vmId: plan.vmid,
    nodeName: plan.node,
    description,
    ...(plan.tags.length > 0 ? { tags: plan.tags } : {}),
    unprivileged: plan.unprivileged,
    operatingSystem: { templateFileId: plan.template.volume, type: plan.osType },
    cpu: {
      cores: plan.cores,
      ...(limit === undefined ? {} : { limit }),
      ...(units === undefined ? {} : { units }),
    },
    memory: { dedicated: plan.memory, swap: plan.swap },
    disk: { datastoreId: plan.disk.storage, size: plan.disk.size },
    ...(plan.mounts.length > 0 ? { mountPoints: plan.mounts.map(mountInputs) } : {}),
    ...(plan.nesting ? { features: { nesting: true } } : {}),
    ...(plan.console === "tty" ? {} : { console: consoleInputs(plan.console) }),
    networkInterfaces: plan.networks.map(cardInputs),
    initialization: {
      hostname: plan.key,
      ipConfigs: plan.networks.map(addressInputs),
      ...(plan.dns ? { dns: { domain: "", ...plan.dns } } : {}),
      ...(Object.keys(account).length > 0 ? { userAccount: account } : {}),
    },
    startOnBoot: !plan.managed,
    ...(plan.startup ? { startup: startupInputs(plan.startup) } : {}),
    ...(plan.protection ? { protection: true } : {}),
    started: true,
  };
}

type Inputs<Key extends keyof ContainerLegacyArgs> = NonNullable<
  pulumi.Unwrap<ContainerLegacyArgs[Key]>
>;

function mountInputs(mount: MountPlan): Inputs<"mountPoints">[number] {
  return {
    volume: mount.storage,
    size: `${mount.size}G`,
    path: mount.path,
    backup: mount.backup,
    acl: mount.acl,
    readOnly: mount.readOnly,
    quota: mount.quota,
    replicate: mount.replicate,
    mountOptions: mount.options,
  };
}

function consoleInputs(console: ContainerPlan["console"]): Inputs<"console"> {
  return console === "none" ? { enabled: false } : { type: console };
}

function cardInputs(card: ContainerNetworkPlan): Inputs<"networkInterfaces">[number] {
  const { name, bridge, vlan, mac, firewall, mtu, rateLimit } = card;
  return {
    name,
    bridge,
    ...(vlan === undefined ? {} : { vlanId: vlan }),
    ...(mac === undefined ? {} : { macAddress: mac }),
    ...(firewall ? { firewall } : {}),
    ...(mtu === undefined ? {} : { mtu }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}
