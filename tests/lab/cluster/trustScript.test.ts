import type { ExecResult } from "just-bash";
import { commandLine, readScript } from "../../../components/scriptText";
import { publicKeyOf } from "../../../lab/state/sshKey";
import {
  ADDRESS,
  clusterOfTwo,
  clusterWithWitness,
  freshHosts,
  type HostName,
  type Machines,
} from "./support/machines";

const HOSTS: HostName[] = ["pve01", "pve02", "nas"];
const KNOWN = "/root/.ssh/known_hosts";

let lab: Machines;
afterEach(() => lab.site.stop());

function run(host: HostName, script: string, variables: Record<string, string>) {
  const text = readScript(script)({ HOST: host, ...variables });
  return lab.run(host, commandLine(script, "apply"), text);
}

const hostKey = (host: HostName): string => publicKeyOf(lab.site.host(host).sshHostKey);
const pins = (): string =>
  HOSTS.map((host) => `${ADDRESS[host]},${host} ${hostKey(host)}`).join("\n");

async function trust(host: HostName, variables: Record<string, string> = {}): Promise<string> {
  const keys = await Promise.all(
    (["pve01", "pve02"] as const).map((node) =>
      lab.out(node, "cat /root/.ssh/id_rsa.pub 2>/dev/null || true"),
    ),
  );
  const { exitCode, stderr } = await run(host, "cluster/trust", {
    AUTHORIZED_KEYS: keys.join("").trim(),
    KNOWN_HOSTS: pins(),
    WITNESS_OF: "",
    NODES: "",
    KEEP_KEY: "",
    ...variables,
  });
  expect(`${exitCode} ${exitCode === 0 ? "" : stderr}`).toBe("0 ");
  return stderr;
}

const logins = (host: "pve01" | "pve02"): Promise<ExecResult> => {
  const peer = host === "pve01" ? "pve02" : "pve01";
  return run(host, "cluster/logins", { PEERS: `${peer}=${ADDRESS[peer]}` });
};

async function withKeys(): Promise<Machines> {
  const fresh = await freshHosts();
  for (const node of ["pve01", "pve02"] as const) {
    await fresh.out(
      node,
      "test -e /root/.ssh/id_rsa || ssh-keygen -q -t rsa -N '' -f /root/.ssh/id_rsa",
    );
  }
  return fresh;
}

const last = (): number => lab.site.commands.after(0).at(-1)?.id ?? 0;
const written = (since: number): unknown[] =>
  lab.site.commands.after(since).filter(({ writes }) => writes !== undefined);

describe("trust of all pairs", () => {
  it("lets every node log in at every other, and a second run does not write", async () => {
    lab = await withKeys();
    expect((await logins("pve01")).stderr).toContain(
      `problem: root of pve01 cannot log in at pve02 (${ADDRESS.pve02}): Host key verification failed.`,
    );
    for (const host of HOSTS) await trust(host);
    const since = last();
    for (const host of HOSTS) await trust(host);
    for (const node of ["pve01", "pve02"] as const) {
      expect(await logins(node)).toMatchObject({ exitCode: 0 });
    }
    expect(written(since)).toEqual([]);
  });

  it("does not write on members whose logins work, though the lines look different", async () => {
    lab = await clusterOfTwo();
    const since = last();
    for (const node of ["pve01", "pve02"] as const) await trust(node);
    expect(written(since)).toEqual([]);
    expect((await logins("pve02")).exitCode).toBe(0);
  });

  it("replaces the key of a machine that was installed anew, and leaves others alone", async () => {
    lab = await withKeys();
    const other = `192.168.18.77 ${hostKey("nas")}`;
    const rsa = `${ADDRESS.nas} ssh-rsa AAAARSA`;
    await lab.out(
      "pve01",
      `printf '%s\\n' '${other}' '${rsa}' 'pve02,${ADDRESS.pve02} ssh-ed25519 AAAAOLD' '${ADDRESS.pve02} ssh-rsa AAAAOLD' >${KNOWN}`,
    );
    expect(await trust("pve01")).toContain(`pve01: ${ADDRESS.pve02} has another host key than`);
    expect(await lab.out("pve01", `cat ${KNOWN}`)).toBe(`${[other, rsa, pins()].join("\n")}\n`);
    const since = last();
    await trust("pve01");
    expect(written(since)).toEqual([]);
  });

  it("corrects the members' common file too", async () => {
    lab = await clusterOfTwo();
    const common = "/etc/pve/priv/known_hosts";
    const before = await lab.out("pve01", `cat ${common}`);
    await lab.out("pve01", `echo '${ADDRESS.pve02} ssh-ed25519 AAAAOLD' >>${common}`);
    await trust("pve01");
    expect(await lab.out("pve01", `cat /etc/ssh/ssh_known_hosts`)).toBe(before);
  });

  it("names every pair that does not work, and what to do", async () => {
    lab = await withKeys();
    for (const host of HOSTS) await trust(host);
    await lab.out("pve02", ": >/root/.ssh/authorized_keys");
    const { stderr, exitCode } = await logins("pve01");
    expect(stderr).toContain(
      `root of pve01 cannot log in at pve02 (${ADDRESS.pve02}): root@${ADDRESS.pve02}: Permission denied (publickey,password).\n` +
        "  What to do: on pve02 the key in /root/.ssh/id_rsa.pub of pve01 must stand in",
    );
    expect(exitCode).toBe(1);
    lab.power("pve01", false);
    expect((await logins("pve02")).stderr).toContain("What to do: check that pve01 is on");
  });
});

describe("the founder's key at the witness", () => {
  const AT = { WITNESS_OF: "site", NODES: "2", KEEP_KEY: "no" };
  const authorized = (): Promise<string> => lab.out("nas", "cat /root/.ssh/authorized_keys");

  it("is let in until the QDevice votes, and not after that", async () => {
    lab = await withKeys();
    const before = await authorized();
    await trust("nas", AT);
    expect(await authorized()).not.toBe(before);
    lab = await clusterWithWitness();
    await lab.out("nas", ": >/root/.ssh/authorized_keys");
    await trust("nas", AT);
    expect(await authorized()).toBe("");
    await trust("nas", { ...AT, NODES: "4" });
    expect(await authorized()).not.toBe("");
  });

  it("is let in for good if the site file says so, and never without a QDevice", async () => {
    lab = await clusterWithWitness();
    await lab.out("nas", ": >/root/.ssh/authorized_keys");
    await trust("nas", { ...AT, NODES: "0" });
    expect(await authorized()).toBe("");
    await trust("nas", { ...AT, KEEP_KEY: "yes" });
    expect(await authorized()).not.toBe("");
  });
});
