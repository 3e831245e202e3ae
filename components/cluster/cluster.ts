import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { interfaceInputs } from "../network/inputs";
import { remoteScript } from "../remoteScript";
import type { StoragePlan } from "../storage/plan";
import type { ClusterPlan } from "./plan";
import { AUTHORITY, lastSteps, planSteps, type Step } from "./steps";

export interface ClusterArgs {
  plan: ClusterPlan;
  /** Every node must reach their servers before the cluster is made. */
  storages: StoragePlan[];
  connections: Connections;
}

/**
 * The cluster: its hosts as they have to be, SSH trust between them, the founding node, the nodes that join one after
 * the other, and the QDevice. Nothing here is undone when a resource goes: a cluster ends by an operator's decision only.
 */
export class Cluster extends pulumi.ComponentResource {
  /** The last steps; whatever needs the cluster depends on them. */
  readonly ready: pulumi.Resource[];
  /** PEM of what signs the certificates of its API. */
  readonly authority: pulumi.Output<string>;
  private readonly made = new Map<string, remote.Command>();

  constructor(
    name: string,
    private readonly args: ClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("proxmox-ha:cluster:Cluster", name, inputsOf(args.plan), opts);
    const { plan, storages, connections } = args;
    const steps = planSteps(
      { cluster: plan, storages },
      (host) => connections[host]?.hostKey ?? "",
    );
    for (const step of steps) this.made.set(step.name, this.resource(step));
    this.ready = this.resources(lastSteps(steps));
    this.authority = this.step(AUTHORITY).stdout;
    this.registerOutputs({});
  }

  /** The step that goes when the node leaves the site. */
  node(name: string): pulumi.Resource {
    return this.step(`install-${name}`);
  }

  private resource(step: Step): remote.Command {
    const { name, host, script, parts = [], variables, printed = {}, after } = step;
    const texts = Object.entries(printed).map(([variable, names]) => [
      variable,
      pulumi
        .all(this.resources(names).map((step) => step.stdout))
        .apply((lines) => lines.join("\n")),
    ]);
    return remoteScript(
      name,
      {
        host,
        script,
        parts,
        variables: { ...variables, ...Object.fromEntries(texts) },
        patient: step.patient ?? false,
        removes: step.removes ?? false,
      },
      this.args.connections,
      { parent: this, dependsOn: this.resources(after) },
    );
  }

  /** A step comes after those that it needs. */
  private resources(names: string[]): remote.Command[] {
    return names.map((name) => this.step(name));
  }

  private step(name: string): remote.Command {
    const resource = this.made.get(name);
    if (!resource) throw new Error(`no step ${name} comes before those that need it`);
    return resource;
  }
}

/** What no provider resource tells, and the policies need to know. */
function inputsOf({ name, release, nodes, witness, qdevice }: ClusterPlan): pulumi.Inputs {
  return {
    clusterName: name,
    release,
    nodes: nodes.map(({ name, address, cpus, cpuLevel, cpuVendor, memory, votes, links }) => ({
      name,
      address,
      cpus,
      ...(cpuLevel ? { cpuLevel } : {}),
      ...(cpuVendor ? { cpuVendor } : {}),
      memory,
      votes,
      links: links.length,
    })),
    ...(witness ? { witness } : {}),
    qdevice,
    ...(nodes.some(({ interfaces }) => interfaces.length > 0)
      ? { interfaces: nodes.flatMap(interfaceInputs) }
      : {}),
  };
}
