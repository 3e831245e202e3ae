import { Cluster } from "../../../components/cluster/cluster";
import { type ClusterPlan, planCluster } from "../../../components/cluster/plan";
import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built } from "../support/reference";
import { get, inputsOf, kind } from "../support/resources";
import { site } from "../support/site";

const connections = useConnections();

describe("the cluster", () => {
  const steps = (resources: Registered[]): string[] =>
    resources.filter((resource) => kind(resource) === "Command").map(({ name }) => name);

  it("has no QDevice without a witness", async () => {
    const alone = await built(connections, { "cluster.witness": undefined });
    expect(steps(alone)).not.toContain("qdevice");
    expect(steps(alone)).not.toContain("qnetd");
    expect(steps(alone)).not.toContain("trust-nas");
    expect(get(alone, "Cluster mizar").inputs).toMatchObject({ qdevice: false });
    expect(get(alone, "Cluster mizar").inputs).not.toHaveProperty("witness");
  });

  it("has no QDevice with an odd number of nodes, but trusts the witness all the same", async () => {
    const pve03 = { address: "192.168.18.3", cpus: 1, memory: "4 GiB" };
    const three = await built({ ...connections, pve03: connections.pve01 } as typeof connections, {
      "nodes.pve03": pve03,
    });
    expect(steps(three)).not.toContain("qdevice");
    expect(steps(three)).toContain("trust-nas");
    expect(get(three, "Cluster mizar").inputs).toMatchObject({
      qdevice: false,
      witness: { name: "nas" },
    });
  });

  it("gives every node the nodes' keys, the witness the founder's, and all the keys to expect", async () => {
    const resources = await built(connections);
    const both = "ssh-rsa AAAA1 root@pve01\nssh-rsa AAAA2 root@pve02";
    for (const [host, keys] of [
      ["pve01", both],
      ["pve02", both],
      ["nas", "ssh-rsa AAAA1 root@pve01"],
    ]) {
      const { stdin } = inputsOf(resources, `Command trust-${host}`);
      expect(stdin).toContain(`AUTHORIZED_KEYS='${keys}'\n`);
      expect(stdin).toContain(
        "KNOWN_HOSTS='192.168.18.251,pve01 ssh-ed25519 KEY251\n" +
          "192.168.18.100,pve02 ssh-ed25519 KEY100\n192.168.18.200,nas ssh-ed25519 KEY200'\n",
      );
    }
  });

  // Variables of each step, in front of its script.
  it.each([
    [
      "check-pve02",
      [
        "CLUSTER='mizar'",
        "RELEASE='9'",
        "FOUNDER='pve01'",
        "NODES='pve01=192.168.18.251 pve02=192.168.18.100'",
        "WITNESS_ADDRESS='192.168.18.200'",
        "BRIDGE='vmbr0'",
        "ADDRESS='192.168.18.100'",
        "LINKS='192.168.18.100'",
        "MEMORY='16750372454'",
        "CPUS='4'",
        "HOST='pve02'",
      ],
    ],
    ["check-nas", ["ADDRESS='192.168.18.200'", "QDEVICE='yes'", "HOST='nas'"]],
    ["found", ["CLUSTER='mizar'", "LINKS='192.168.18.251'", "HOST='pve01'"]],
    [
      "join-pve02",
      [
        "CLUSTER='mizar'",
        "ADDRESS='192.168.18.100'",
        "LINKS='192.168.18.100'",
        "MEMBER='pve01'",
        "MEMBER_ADDRESS='192.168.18.251'",
        "WITNESS_ADDRESS='192.168.18.200'",
        "HOST='pve02'",
      ],
    ],
    ["qnetd", ["HOST='nas'"]],
    [
      "qdevice",
      [
        "WITNESS_ADDRESS='192.168.18.200'",
        "NODES='2'",
        "NODE_ADDRESSES='192.168.18.251 192.168.18.100'",
        "EXPECTED_VOTES='3'",
        "KEEP_KEY='no'",
        "MACHINES='192.168.18.251,pve01 ssh-ed25519 KEY251",
        "192.168.18.100,pve02 ssh-ed25519 KEY100",
        "192.168.18.200,nas ssh-ed25519 KEY200'",
        "HOST='pve01'",
      ],
    ],
  ])("tells the step %s what it works on", async (step, variables) => {
    const { stdin } = inputsOf(await built(connections), `Command ${step}`);
    expect(
      String(stdin)
        .split("\n")
        .slice(0, variables.length + 1),
    ).toEqual([...variables, "#!/usr/bin/env bash"]);
  });

  it("is no component without nodes, and has no QDevice without a witness", () => {
    const plan = planCluster(site());
    const { witness: _, ...without } = plan;
    const make = (plan: ClusterPlan) => new Cluster("mizar", { plan, storages: [], connections });
    expect(() => make(without)).toThrow("a QDevice needs a witness");
    expect(() => make({ ...plan, nodes: [] })).toThrow("a site has at least one node");
  });
});
