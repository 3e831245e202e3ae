import { Host } from "../support/host";
import { STEPS } from "../support/steps";

/** Trust of all pairs under real bash, where the lab is simpler. */

const hosts: Host[] = [];
function hostWith(state: Record<string, string>): Host {
  const host = new Host(state);
  hosts.push(host);
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

const { trust, trustWitness, logins, qdevice } = STEPS;
const OLD = "192.168.18.100,pve02 ssh-ed25519 OLD\n";

describe("trust", () => {
  it("leaves patterns and authorities alone, and a machine's other names go with its old key", async () => {
    const kept = "192.168.18.* ssh-ed25519 WILD\n@cert-authority pve02 ssh-ed25519 AUTHORITY\n";
    const host = hostWith({ "root/.ssh/known_hosts": `${kept}${OLD}` });
    expect((await host.run(trust)).code).toBe(0);
    expect(host.read("root/.ssh/known_hosts")).toBe(`${kept}${trust.variables.KNOWN_HOSTS}\n`);
  });

  it("corrects the system's file, and has no need of root's where that knows the key", async () => {
    const host = hostWith({
      "etc/ssh/ssh_known_hosts": `${OLD}${trust.variables.KNOWN_HOSTS}\n`,
    });
    await host.run(trust);
    expect(host.read("etc/ssh/ssh_known_hosts")).toBe(`${trust.variables.KNOWN_HOSTS}\n`);
    expect(host.exists("root/.ssh/known_hosts")).toBe(false);
  });

  it("takes a key with other words behind or before it for the same, but not one that is commented out", async () => {
    const text = '# ssh-rsa AAAA1 off\nfrom="192.168.18.0/24" ssh-rsa AAAA2 somebody\n';
    const host = hostWith({ "root/.ssh/authorized_keys": text });
    await host.run(trust);
    expect(host.read("root/.ssh/authorized_keys")).toBe(`${text}ssh-rsa AAAA1 root@pve01\n`);
  });

  it.each([
    ["one node is connected", "    Node ID 1:\n", true],
    ["both are", "    Node ID 1:\n    Node ID 2:\n", false],
  ])("lets the founder in at the witness: %s", async (_when, clients, letIn) => {
    const host = hostWith({ "state/clients-mizar": `Cluster "mizar":\n${clients}` });
    expect((await host.run(trustWitness)).code).toBe(0);
    expect(host.exists("root/.ssh/authorized_keys")).toBe(letIn);
  });
});

describe("logins", () => {
  const failing = (host: Host, when: string, words: string): void =>
    host.command("ssh", `case "$*" in *"${when}"*) echo "${words}" >&2; exit 255 ;; esac`);

  it("tells every pair at once, each with its remedy", async () => {
    const host = hostWith({});
    failing(host, "", "Permission denied (publickey,password).");
    const { code, stderr } = await host.run(logins);
    expect(
      stderr.match(/^pve01: problem: root of pve01 cannot log in at pve0[23] /gm),
    ).toHaveLength(2);
    expect(stderr).toContain("What to do: on pve02 the key in /root/.ssh/id_rsa.pub of pve01 must");
    expect(code).toBe(1);
  });

  it("tries what Proxmox VE knows of a member as well", async () => {
    const host = hostWith({ "etc/pve/nodes/pve02/ssh_known_hosts": "pve02 ssh-rsa OLD\n" });
    failing(host, "HostKeyAlias=pve02", "Host key verification failed.");
    const { code, stderr, calls } = await host.run(logins);
    expect(stderr).toContain(
      "problem: Proxmox VE on pve01 cannot log in at pve02 (192.168.18.100): Host key verification failed.\n  What to do: on pve02: pvecm updatecerts\n",
    );
    expect(code).toBe(1);
    expect(calls.filter((call) => call.join(" ").includes("HostKeyAlias"))).toHaveLength(1);
  });
});

describe("an odd number of nodes", () => {
  it("gets the witness's vote by force, and is told what that means", async () => {
    const members = [1, 2, 3].map((id) => `"pve0${id}": { "id": ${id}, "online": 1}\n`).join("");
    const host = hostWith({
      "etc/pve/.members": members,
      "etc/pve/corosync.conf": "quorum {\n}\n",
      "root/.ssh/id_rsa.pub": "ssh-rsa AAAA1 root@pve01\n",
      "state/witnessKeys": "",
    });
    const variables = {
      ...qdevice.variables,
      NODES: "3",
      NODE_ADDRESSES: "192.168.18.251 192.168.18.100 192.168.18.3",
      EXPECTED_VOTES: "5",
    };
    const { stderr, calls } = await host.run({ ...qdevice, variables });
    expect(stderr).toContain("without the witness no node may fail then\n");
    expect(calls).toContainEqual(["pvecm", "qdevice", "setup", "192.168.18.200", "--force"]);
  });
});
