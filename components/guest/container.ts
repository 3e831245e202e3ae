import { ContainerLegacy } from "@muhlba91/pulumi-proxmoxve/containerLegacy";
import * as pulumi from "@pulumi/pulumi";
import { markedNotes } from "./mark";
import { CONTAINER_TYPE } from "./names";
import type { ContainerPlan } from "./plan";
import type { GuestArgs } from "./virtualMachine";

/** Inputs that the provider cannot change without making another container. */
const REPLACING = ["vmId", "unprivileged", "disk.datastoreId", "operatingSystem.templateFileId"];

/** A container, made from a template. Another template means another container: its data goes. */
export class Container extends pulumi.ComponentResource {
  readonly resource: ContainerLegacy;

  constructor(
    name: string,
    args: GuestArgs<ContainerPlan> & { password?: pulumi.Output<string> },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(CONTAINER_TYPE.component, name, {}, opts);
    const { plan } = args;
    const urn = pulumi.createUrn(name, CONTAINER_TYPE.resource, this);
    const account = {
      ...(plan.sshKeys.length > 0 ? { keys: plan.sshKeys } : {}),
      ...(args.password ? { password: args.password } : {}),
    };
    this.resource = new ContainerLegacy(
      name,
      {
        vmId: plan.vmid,
        nodeName: plan.node,
        // Proxmox VE hands a container's notes back with a newline at the end.
        description: urn.apply((own) => {
          const mark = { stack: args.stack, urn: own, from: plan.template.volume };
          return `${markedNotes(plan.notes, mark)}\n`;
        }),
        ...(plan.tags.length > 0 ? { tags: plan.tags } : {}),
        unprivileged: true,
        operatingSystem: { templateFileId: plan.template.volume, type: plan.osType },
        cpu: { cores: plan.cores },
        memory: { dedicated: plan.memory, swap: plan.swap },
        disk: { datastoreId: plan.disk.storage, size: plan.disk.size },
        networkInterfaces: [
          { name: "eth0", bridge: plan.bridge, ...(plan.filtered ? { firewall: true } : {}) },
        ],
        initialization: {
          hostname: plan.key,
          ipConfigs: [
            { ipv4: { address: plan.address, ...(plan.gateway ? { gateway: plan.gateway } : {}) } },
          ],
          ...(Object.keys(account).length > 0 ? { userAccount: account } : {}),
        },
        startOnBoot: !plan.managed,
        ...(plan.startup ? { startup: plan.startup } : {}),
        ...(plan.protection ? { protection: true } : {}),
        started: true,
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        protect: plan.protect,
        ignoreChanges: [
          "nodeName",
          // Only counts when the container is made; the provider would replace it for a new password.
          "initialization.userAccount",
          ...(plan.managed ? ["started"] : []),
          ...(plan.replaceable ? [] : REPLACING),
        ],
        dependsOn: args.dependsOn,
      },
    );
    this.registerOutputs({});
  }
}
