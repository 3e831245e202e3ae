import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publicKeyOf } from "../../../lab/state/sshKey";
import { ADDRESS, freshHosts, type HostName, type Machines } from "../cluster/support/machines";

const COMPONENTS = join(__dirname, "../../../components");
const read = (path: string): string => readFileSync(join(COMPONENTS, path), "utf8");

const PARTS = ["ha", "qdevice", "join"].map((part) => `cluster/scripts/parts/${part}.sh`);

/** Runs one of the stack's scripts as the stack does: under the host's lock, by standard input. */
async function step(
  lab: Machines,
  host: HostName,
  script: string,
  variables: Record<string, string> = {},
  words = "",
): Promise<string> {
  const given = Object.entries({ HOST: host, ...variables }).map(
    ([key, value]) => `${key}='${value}'\n`,
  );
  const text = `${given.join("")}${read("common.sh")}${PARTS.map(read).join("")}${read(script)}\n#end\n`;
  const receive = `bash -c 's=$(cat); [[ $s == *"#end" ]] || exit 74; eval "$s"' -`;
  const line = `flock -w 900 -E 75 /run/lock/proxmox-ha.lock ${receive} step apply ${words}`;
  return lab.out(host, line, text);
}

async function bootstrap(lab: Machines): Promise<void> {
  const keys = [
    await step(lab, "pve01", "cluster/scripts/key.sh"),
    await step(lab, "pve02", "cluster/scripts/key.sh"),
  ];
  const known = Object.values(lab.state.hosts).map(
    ({ address, sshHostKey }) => `${address} ${publicKeyOf(sshHostKey)}\n`,
  );
  const trust = { AUTHORIZED_KEYS: keys.join(""), KNOWN_HOSTS: known.join("") };
  for (const host of ["pve01", "pve02", "nas"] as const) {
    await step(lab, host, "cluster/scripts/trust.sh", trust);
  }
  await step(lab, "nas", "cluster/scripts/qnetd.sh");
  await step(lab, "pve01", "cluster/scripts/found.sh", {
    CLUSTER: "site",
    LINKS: ADDRESS.pve01,
  });
  await step(lab, "pve02", "cluster/scripts/join.sh", {
    WITNESS_ADDRESS: "",
    CLUSTER: "site",
    LINKS: ADDRESS.pve02,
    ADDRESS: ADDRESS.pve02,
    MEMBER: "pve01",
    MEMBER_ADDRESS: ADDRESS.pve01,
  });
  await step(lab, "pve01", "cluster/scripts/qdevice.sh", {
    WITNESS_ADDRESS: ADDRESS.nas,
    NODE_ADDRESSES: `${ADDRESS.pve01} ${ADDRESS.pve02}`,
    NODES: "2",
    EXPECTED_VOTES: "3",
  });
}

describe("the stack's scripts on the lab's hosts", () => {
  it("build the cluster with its QDevice, and change nothing when they run again", async () => {
    const lab = await freshHosts();
    await bootstrap(lab);
    for (const node of ["pve01", "pve02"] as const) {
      expect(await lab.status(node, "Total votes")).toBe("3");
      expect((await lab.out(node, "pvecm status")).match(/ A,V,NMW /g)).toHaveLength(2);
    }
    const before = JSON.stringify([lab.site.pmxcfs("pve01"), lab.site.host("nas")]);
    await bootstrap(lab);
    expect(JSON.stringify([lab.site.pmxcfs("pve01"), lab.site.host("nas")])).toBe(before);
  });

  it("make the automation's user and its token, whose secret goes to standard output alone", async () => {
    const lab = await freshHosts();
    await step(lab, "pve01", "access/scripts/account.sh", {
      ACCOUNT: "pulumi@pve",
      ROLE: "Automation",
      PRIVILEGES: "VM.Audit,Sys.Audit",
    });
    const token = await step(
      lab,
      "pve01",
      "access/scripts/token.sh",
      {},
      "pulumi@pve dev Automation 1",
    );
    const [, secret] = /^pulumi@pve!dev=(\S+)\n$/.exec(token) ?? [];
    expect(lab.site.pmxcfs("pve01").users["pulumi@pve"]?.tokens.dev?.secret).toBe(secret);
    const authorization = `PVEAPIToken=${token.trim()}`;
    const { status } = await lab.api("pve01", "GET", "/cluster/status", {}, { authorization });
    expect(status).toBe(200);
  });
});
