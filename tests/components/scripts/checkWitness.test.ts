import type { Result } from "../support/host";
import { facts, hostWith, type State, without } from "../support/judged";
import { BARE } from "../support/machine";
import { STEPS } from "../support/steps";

/** What is judged of the witness's host, under real bash. */

const WITNESS: State = {
  ...BARE,
  "state/addresses": "2: eth0    inet 192.168.18.200/24 scope global eth0\n",
  "state/packages": "",
};
const ALTERNATIVES =
  "take another witness: a mini PC, or a Debian VM or container on the NAS (not on a node of the cluster); name it in site.cluster.witness";

const judge = (host = hostWith(WITNESS), qdevice = "yes"): Promise<Result> =>
  host.run({
    ...STEPS.checkWitness,
    variables: { ...STEPS.checkWitness.variables, QDEVICE: qdevice },
  });
const judged = (changes: State): Promise<Result> => judge(hostWith(WITNESS, changes));

describe("a witness", () => {
  it("is a Debian that corosync-qnetd can be installed on", async () => {
    const host = hostWith(WITNESS);
    const files = host.files();
    const result = await judge(host);
    expect(facts(result, "state")).toEqual(["witness"]);
    expect(facts(result, "will")).toEqual(["install corosync-qnetd"]);
    expect([facts(result, "problem"), facts(result, "warning")]).toEqual([[], []]);
    expect(facts(result, "checklist")).toHaveLength(1);
    expect(facts(result, "clock")).toEqual(["1767225600.250000000"]);
    expect(host.files()).toEqual(files);
    expect(result.code).toBe(0);
  });

  it("stays as it is where the package is there, or no vote is wanted of it", async () => {
    const locks = { "state/locks": "7 apt /var/lib/dpkg/lock\n" };
    const ready = await judged({ ...locks, "state/packages": "corosync-qnetd\n" });
    expect(facts(ready, "will")).toEqual([]);
    expect(ready.code).toBe(0);
    const unasked = await judge(hostWith(WITNESS, locks), "no");
    expect(facts(unasked, "will")).toEqual([]);
    expect(unasked.code).toBe(0);
  });

  it("may never have read its package lists", async () => {
    const result = await judged({
      "state/policy-corosync-qnetd": "",
      "state/policy-apt": "apt:\n",
    });
    expect(facts(result, "will")).toEqual(["install corosync-qnetd"]);
    expect(result.code).toBe(0);
  });

  it.each([
    [
      "is no member of a cluster",
      { "etc/pve/corosync.conf": "totem {\n}\n" },
      `this host is a member of a cluster itself, it cannot be the witness of one\t${ALTERNATIVES}`,
    ],
    [
      "has the package in its sources",
      {
        "state/policy-corosync-qnetd":
          "corosync-qnetd:\n  Installed: (none)\n  Candidate: (none)\n",
      },
      `this system's package sources have no corosync-qnetd\ton a Debian: see its sources and run apt-get update; otherwise ${ALTERNATIVES}`,
    ],
    [
      "lets root in",
      { "state/uid": "1001\n" },
      "the user that logs in is not root\tlet root log in with the key that proxmox-ha:ssh names",
    ],
    [
      "has room",
      { "state/free": `${150 * 1024}\n` },
      "only 150 MiB are free at / (used: 20 of 97656 MiB), 200 MiB are needed\tmake room; what takes it is shown by: du -xh -d 2 / | sort -h | tail",
    ],
    [
      "has no other program that installs packages",
      { "state/locks": "7 apt /var/cache/apt/archives/lock\n" },
      "packages cannot be installed: apt (process 7) holds apt's lock\twait until it has ended, then run this again; never remove the lock file (/var/cache/apt/archives/lock)",
    ],
    [
      "has its port free",
      { "state/t": 'LISTEN 0 64 *:5403 *:* users:(("other",pid=9,fd=3))\n' },
      'TCP port 5403 is taken by "other",pid=9; corosync-qnetd needs it\tstop that service, or let it listen elsewhere; see: ss -nlpt',
    ],
  ] as [string, State, string][])("%s", async (_what, changes, problem) => {
    const result = await judged(changes);
    expect(facts(result, "problem")).toEqual([problem]);
    expect(result.code).toBe(1);
  });

  it.each(["apt-get", "dpkg-query", "systemctl"])(
    "is a Debian-like host: not without %s",
    async (tool) => {
      const result = await judge(without(hostWith(WITNESS), tool));
      expect(facts(result, "state")).toEqual(["refused"]);
      expect(facts(result, "problem")).toEqual([
        `this system is no Debian, and cannot run corosync-qnetd\t${ALTERNATIVES}`,
      ]);
    },
  );

  it("may have its address elsewhere, as a container has, but that is told", async () => {
    const result = await judged({
      "state/addresses": "2: eth0    inet 172.17.0.2/16 scope global eth0\n",
    });
    expect(facts(result, "warning")).toEqual([
      "no network card of this host has the address 192.168.18.200\tin a container whose ports are mapped this is as it should be: TCP 22 and 5403; otherwise correct the address in site.hosts",
    ]);
    expect(result.code).toBe(0);
  });
});
