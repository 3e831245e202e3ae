import { VmLegacy } from "@muhlba91/pulumi-proxmoxve/vmLegacy";
import * as pulumi from "@pulumi/pulumi";
import { markedNotes } from "./mark";
import { VM_TYPE } from "./names";
import type { VirtualMachinePlan } from "./plan";

export interface GuestArgs<Plan> {
  plan: Plan;
  stack: string;
  /** What must be there first: storages, the template. */
  dependsOn: pulumi.Resource[];
}

/** A virtual machine. It stays wherever HA or an operator has moved it. */
export class VirtualMachine extends pulumi.ComponentResource {
  readonly resource: VmLegacy;

  constructor(
    name: string,
    args: GuestArgs<VirtualMachinePlan>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(VM_TYPE.component, name, {}, opts);
    const { plan } = args;
    const urn = pulumi.createUrn(name, VM_TYPE.resource, this);
    this.resource = new VmLegacy(
      name,
      {
        vmId: plan.vmid,
        nodeName: plan.node,
        name: plan.key,
        description: urn.apply((own) => markedNotes(plan.notes, { stack: args.stack, urn: own })),
        ...(plan.tags.length > 0 ? { tags: plan.tags } : {}),
        operatingSystem: { type: plan.os },
        cpu: { cores: plan.cores, type: plan.cpu },
        memory: { dedicated: plan.memory },
        scsiHardware: "virtio-scsi-single",
        disks: plan.disks.map((disk) => ({
          interface: disk.slot,
          datastoreId: disk.storage,
          size: disk.size,
          fileFormat: disk.format,
          discard: "on",
        })),
        // Left out, the provider would attach the node's own drive, which keeps the guest from moving.
        cdrom: { fileId: plan.iso ?? "none", interface: "ide2" },
        bootOrders: [
          ...plan.disks.slice(0, 1).map((disk) => disk.slot),
          ...(plan.iso ? ["ide2"] : []),
          "net0",
        ],
        networkDevices: [
          { bridge: plan.bridge, model: "virtio", ...(plan.filtered ? { firewall: true } : {}) },
        ],
        // A guest without an agent would make every read wait for an address.
        agent: plan.agent ? { enabled: true, waitForIp: { disabled: true } } : { enabled: false },
        onBoot: !plan.managed,
        ...(plan.startup ? { startup: plan.startup } : {}),
        ...(plan.protection ? { protection: true } : {}),
        started: true,
        stopOnDestroy: !plan.agent,
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        protect: plan.protect,
        ignoreChanges: [
          "nodeName",
          // Proxmox VE pins a Windows guest to the version of its machine that was new when it was created.
          "machine",
          // Limits that are not set come back as absent after an update and as zero after a create.
          ...plan.disks.map((_, index) => `disks[${index}].speed`),
          ...(plan.managed ? ["started"] : []),
          ...(plan.replaceable ? [] : ["vmId"]),
        ],
        dependsOn: args.dependsOn,
      },
    );
    this.registerOutputs({});
  }
}
