import { VmLegacy } from "@muhlba91/pulumi-proxmoxve/vmLegacy";
import * as pulumi from "@pulumi/pulumi";
import { markedNotes } from "./mark";
import { VM_TYPE } from "./names";
import { isWindows } from "./presets";
import { vmInputs } from "./vmInputs";
import { originOf, type VirtualMachinePlan } from "./vmPlan";

export interface GuestArgs<Plan> {
  plan: Plan;
  stack: string;
  /** What must be there first: storages, the template. */
  dependsOn: pulumi.Resource[];
}

export interface VirtualMachineArgs extends GuestArgs<VirtualMachinePlan> {
  /** Of the user that cloud-init sets up. */
  password?: pulumi.Output<string>;
  /** The VM that it is a clone of, where the stack has it. */
  original?: VmLegacy;
}

/**
 * A virtual machine. It stays wherever HA or an operator has moved it: the provider's older resource looks for it on
 * all nodes, the newer ones do not, and have neither TPM nor disks but those of a clone.
 */
export class VirtualMachine extends pulumi.ComponentResource {
  readonly resource: VmLegacy;

  constructor(name: string, args: VirtualMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    // Of no provider resource: the policies read it here.
    const told = plan.drivers ? { vmid: plan.vmid, drivers: plan.drivers } : {};
    super(VM_TYPE.component, name, told, opts);
    const { clone } = plan;
    const urn = pulumi.createUrn(name, VM_TYPE.resource, this);
    const from = originOf(plan);
    this.resource = new VmLegacy(
      name,
      {
        vmId: plan.vmid,
        nodeName: plan.node,
        name: plan.key,
        description: urn.apply((own) =>
          markedNotes(plan.notes, { stack: args.stack, urn: own, ...(from ? { from } : {}) }),
        ),
        ...(clone
          ? {
              clone: {
                vmId: clone.vmid,
                // Where the original is now.
                nodeName: args.original?.nodeName ?? clone.node,
                full: clone.full,
                ...(clone.storage ? { datastoreId: clone.storage } : {}),
              },
            }
          : {}),
        ...vmInputs(plan, args.password),
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        protect: plan.protect,
        ignoreChanges: ignored(plan),
        // The provider forgets another image, which then would count at no time.
        ...(plan.replaceable ? { replaceOnChanges: ["disks[*].importFrom"] } : {}),
        dependsOn: args.dependsOn,
      },
    );
    this.registerOutputs({});
  }
}

function ignored(plan: VirtualMachinePlan): string[] {
  const { cloudInit } = plan;
  const hasAccount = cloudInit?.user ?? cloudInit?.passwordFrom ?? cloudInit?.sshKeys[0];
  return [
    "nodeName",
    // Proxmox VE pins a Windows guest to the version of its machine that was new when it was created.
    ...(isWindows(plan.os) ? ["machine"] : []),
    // Limits that are not set come back as absent after an update and as zero after a create.
    ...plan.disks.flatMap(({ readLimit, writeLimit }, index) =>
      readLimit === undefined && writeLimit === undefined ? [`disks[${index}].speed`] : [],
    ),
    // The provider does not take these away, and would find them again at every run.
    ...(plan.efi ? [] : ["efiDisk"]),
    ...(cloudInit ? [] : ["initialization"]),
    ...(cloudInit && !cloudInit.dns ? ["initialization.dns"] : []),
    ...(cloudInit && hasAccount === undefined ? ["initialization.userAccount"] : []),
    ...(plan.managed ? ["started"] : []),
    ...(plan.replaceable ? [] : ["vmId", "clone"]),
  ];
}
