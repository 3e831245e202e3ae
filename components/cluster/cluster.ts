import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { type RemoteScriptArgs, remoteScript } from "../remoteScript";
import { type ClusterPlan, founder } from "./plan";

/**
 * The cluster: SSH trust between its hosts, the founding node, the nodes that join one after the other, and the
 * QDevice. Nothing here is undone when a resource goes: a cluster ends by an operator's decision only.
 */
export class Cluster extends pulumi.ComponentResource {
  /** The last step; whatever needs the cluster depends on it. */
  readonly ready: pulumi.Resource;

  constructor(
    name: string,
    private readonly plan: ClusterPlan,
    private readonly connections: Connections,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // No provider resource tells these facts, and the policies need them.
    super(
      "proxmox-ha:cluster:Cluster",
      name,
      {
        clusterName: plan.name,
        release: plan.release,
        nodes: plan.nodes.map(({ name, address, cpus, memory, votes }) => ({
          name,
          address,
          cpus,
          memory,
          votes,
        })),
        ...(plan.witness ? { witness: plan.witness } : {}),
        qdevice: plan.qdevice,
      },
      opts,
    );
    const trust = this.trust();
    const first = founder(plan);
    let last = this.step("found", trust, {
      host: first.name,
      script: "cluster/found",
      variables: { CLUSTER: plan.name, ADDRESS: first.address },
    });
    for (const node of plan.nodes.slice(1)) {
      last = this.step(`join-${node.name}`, [last], {
        host: node.name,
        script: "cluster/join",
        variables: {
          CLUSTER: plan.name,
          ADDRESS: node.address,
          MEMBER: first.name,
          MEMBER_ADDRESS: first.address,
        },
      });
    }
    this.ready = plan.qdevice ? this.qdevice(last, trust) : last;
    this.registerOutputs({});
  }

  /** Keys of all nodes first, then every host learns them: joining and the QDevice ask nothing. */
  private trust(): remote.Command[] {
    const { nodes, witness } = this.plan;
    const keys = nodes.map((node) =>
      this.step(`key-${node.name}`, [], { host: node.name, script: "cluster/key" }),
    );
    const hosts = [...nodes, ...(witness ? [witness] : [])];
    const known = hosts.map(
      ({ name, address }) => `${address},${name} ${this.connections[name]?.hostKey ?? ""}`,
    );
    const authorized = pulumi.all(keys.map((key) => key.stdout)).apply((lines) => lines.join("\n"));
    return hosts.map(({ name }) =>
      this.step(`trust-${name}`, keys, {
        host: name,
        script: "cluster/trust",
        variables: { AUTHORIZED_KEYS: authorized, KNOWN_HOSTS: known.join("\n") },
      }),
    );
  }

  private qdevice(joined: pulumi.Resource, trust: pulumi.Resource[]): pulumi.Resource {
    const { nodes, witness, votes } = this.plan;
    if (!witness) throw new Error("a QDevice needs a witness");
    const qnetd = this.step("qnetd", trust, {
      host: witness.name,
      script: "cluster/qnetd",
    });
    return this.step("qdevice", [joined, qnetd], {
      host: founder(this.plan).name,
      script: "cluster/qdevice",
      variables: {
        WITNESS_ADDRESS: witness.address,
        NODES: String(nodes.length),
        NODE_ADDRESSES: nodes.map((node) => node.address).join(" "),
        EXPECTED_VOTES: String(votes),
      },
    });
  }

  private step(name: string, dependsOn: pulumi.Resource[], args: RemoteScriptArgs): remote.Command {
    return remoteScript(name, args, this.connections, { parent: this, dependsOn });
  }
}
