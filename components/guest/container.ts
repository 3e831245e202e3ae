import { ContainerLegacy } from "@muhlba91/pulumi-proxmoxve/containerLegacy";
import * as pulumi from "@pulumi/pulumi";
import { containerInputs } from "./containerInputs";
import { markedNotes } from "./mark";
import { CONTAINER_TYPE } from "./names";
import type { ContainerPlan } from "./plan";
import type { GuestArgs } from "./virtualMachine";

/** Inputs that the provider cannot change without making another container. */
const REPLACING = [
  "vmId",
  "unprivileged",
  "disk.datastoreId",
  "operatingSystem.templateFileId",
  // A script follows their changes (mounts.sh).
  "mountPoints",
];

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
    // Proxmox VE hands a container's notes back with a newline at the end.
    const description = urn.apply((own) => {
      const mark = { stack: args.stack, urn: own, from: plan.template.volume };
      return `${markedNotes(plan.notes, mark)}\n`;
    });
    this.resource = new ContainerLegacy(name, containerInputs(plan, description, args.password), {
      parent: this,
      deleteBeforeReplace: true,
      protect: plan.protect,
      ignoreChanges: [
        "nodeName",
        // A script follows (nesting.sh): the provider sends features along that root@pam alone may set.
        "features",
        // Only counts when the container is made; the provider would replace it for a new password.
        "initialization.userAccount",
        ...(plan.managed ? ["started"] : []),
        ...(plan.replaceable ? [] : REPLACING),
      ],
      dependsOn: args.dependsOn,
    });
    this.registerOutputs({});
  }
}
