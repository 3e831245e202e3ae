import type { Sandbox } from "./sandbox";

/** Starts a lab whose nodes are on release 8, and lets the site file say so. */
export function beginOnRelease8(sandbox: Sandbox): void {
  const { code, text } = sandbox.labCommand("start", "--release", "8");
  if (code !== 0) throw new Error(text);
  sandbox.edit("Pulumi.dev.yaml", "      release: 9\n", "      release: 8\n");
  sandbox.commit("release 8");
}

/** What an operator does on a node, as Proxmox describes the upgrade. Guests run on. */
export function upgradeNode({ lab }: Sandbox, node: string): void {
  lab.out(
    node,
    "sed -i s/bookworm/trixie/g /etc/apt/sources.list /etc/apt/sources.list.d/* && apt-get update && apt-get -y dist-upgrade",
  );
}
