import { packageVariables } from "./packages";
import type { ClusterPlan } from "./plan";
import type { Step } from "./steps";

/** From Debian to Proxmox VE, on every node at a time; nothing is done where that is what a node has. */
export function takeover(
  { nodes, witness, release, packages }: ClusterPlan,
  after: string[],
): Step[] {
  const hosts = [...nodes, ...(witness ? [witness] : [])];
  const known = {
    ...packageVariables(release, packages),
    HOSTS: hosts.map(({ name, address }) => `${address} ${name}`).join("\n"),
  };
  return nodes.flatMap(({ name, address }) => {
    const variables = { ...known, ADDRESS: address };
    const common = {
      host: name,
      parts: ["cluster/parts/bare", "cluster/parts/packages"],
      variables,
    };
    return [
      { ...common, name: `prepare-${name}`, script: "cluster/prepare", after },
      {
        ...common,
        name: `reboot-${name}`,
        script: "cluster/reboot",
        after: [`prepare-${name}`],
        // A run that was cut off may have left it on its way.
        patient: true,
      },
      {
        ...common,
        name: `install-${name}`,
        script: "cluster/install",
        after: [`reboot-${name}`],
        patient: true,
      },
    ];
  });
}
