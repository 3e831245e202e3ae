import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "../../../components/scriptText";
import type { Host, Result } from "../support/host";
import { endsAlike } from "../support/killed";
import { decisionOf, KILLED } from "../support/joinDecisions";
import {
  AUTHKEY,
  BACKUPS,
  COROSYNC_CONF,
  DATABASE,
  HEARD,
  joinHost,
  LISTED,
} from "../support/joinHost";
import { STEPS } from "../support/steps";

/** How a join that was cut short is finished or taken back, under real bash. */

const hosts: Host[] = [];
function hostWith(changes: Record<string, string | undefined> = {}): Host {
  const host = joinHost(changes);
  hosts.push(host);
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

const UNDER_WAY = { "var/lib/proxmox-ha/join": "" };
const BACKUP = `${BACKUPS}/config-1767225600.sql.gz`;
const STOPPED = { "state/services": "" };

/** What is there when the joining process was killed before a change (Setup.pm finish_join). */
const LEFT: Record<string, Record<string, string | undefined>> = {
  "list the node": {},
  "write authkey": LISTED,
  "write corosync.conf": { ...LISTED, ...AUTHKEY },
  "stop pve-cluster": { ...LISTED, ...AUTHKEY, ...COROSYNC_CONF },
  "save the database": { ...LISTED, ...AUTHKEY, ...COROSYNC_CONF, ...STOPPED },
  "end the backup": { ...LISTED, ...AUTHKEY, ...COROSYNC_CONF, ...STOPPED, [BACKUP]: "half" },
  "remove the database": {
    ...LISTED,
    ...AUTHKEY,
    ...COROSYNC_CONF,
    ...STOPPED,
    [BACKUP]: "whole own\n",
  },
  "start corosync and pve-cluster": {
    ...LISTED,
    ...AUTHKEY,
    ...COROSYNC_CONF,
    ...STOPPED,
    [BACKUP]: "whole own\n",
    [DATABASE]: undefined,
  },
  ...Object.fromEntries(
    ["wait for quorum", "update certificates", "restart services"].map((change) => [
      change,
      {
        ...HEARD,
        ...AUTHKEY,
        ...COROSYNC_CONF,
        "etc/pve/corosync.conf": COROSYNC_CONF["etc/corosync/corosync.conf"],
        "state/services": "pve-cluster\ncorosync\n",
        [DATABASE]: "cluster\n",
        [BACKUP]: "whole own\n",
      },
    ]),
  ),
};

const join02 = (host: Host): Promise<Result> => host.run(STEPS.join);
/** Calls that change something. */
const changing = ({ calls }: Result): string[] =>
  calls
    .map((call) => call.join(" "))
    .filter((call) => /^(pvecm (add|expected|delnode)|systemctl (stop|start)|rm -rf)/.test(call));

describe("a join whose process was killed", () => {
  it.each(Object.keys(KILLED))(
    "before it was to %s is dealt with as in the lab",
    async (change) => {
      const host = hostWith({ ...UNDER_WAY, ...LEFT[change] });
      const result = await join02(host);
      expect([result.code, result.code === 0 ? "" : result.stderr]).toEqual([0, ""]);
      expect(decisionOf(result.stderr)).toBe(KILLED[change]);
      expect(host.read(DATABASE)).toBe("cluster\n");
      expect(host.read("member/etc/pve/corosync.conf")).toBe(
        host.read("etc/corosync/corosync.conf"),
      );
      expect(host.read("state/services").split("\n").sort().slice(1)).toEqual([
        "corosync",
        "pve-cluster",
      ]);
      expect(host.exists("var/lib/proxmox-ha/join")).toBe(false);
      expect(changing(await join02(host))).toEqual([]);
    },
  );
});

describe("cleaning up", () => {
  const half = LEFT["start corosync and pve-cluster"];

  it("is the joiner's turn first, and then the member's", async () => {
    expect(changing(await join02(hostWith({ ...UNDER_WAY, ...half })))).toEqual([
      "systemctl stop pve-cluster corosync",
      "rm -rf /etc/corosync/authkey /etc/corosync/corosync.conf /etc/corosync/qdevice",
      "systemctl start pve-cluster",
      "pvecm expected 1",
      "pvecm delnode pve02",
      "rm -rf /member/etc/pve/nodes/pve02",
      "pvecm add 192.168.18.251 --use_ssh --link0 192.168.18.100",
    ]);
  });

  it("comes to the same end after being killed at any moment", async () => {
    await endsAlike(hostWith({ ...UNDER_WAY, ...half }), STEPS.join);
  });

  it("takes the newest backup that is whole", async () => {
    const newer = BACKUP.replace("1767225600", "1767229200");
    const result = await join02(hostWith({ ...UNDER_WAY, ...half, [newer]: "half" }));
    expect(result.stderr).toContain(`restoring the database from /${BACKUP}\n`);
  });

  it("stops where no backup is whole, and the member is as it was", async () => {
    const host = hostWith({ ...UNDER_WAY, ...half, [BACKUP]: "half" });
    const { code, stderr } = await join02(host);
    expect(code).toBe(1);
    expect(stderr).toContain("and no backup of it in /var/lib/pve-cluster/backup is whole\n");
    expect(host.exists(DATABASE)).toBe(false);
    expect(host.read("member/etc/pve/corosync.conf")).toContain("pve02");
  });

  it.each([
    [
      { "member/etc/pve/ha/resources.cfg": "vm: 101\n\tstate started\n" },
      "pve01 has no quorum, lists this node after a join that was cut short, and HA resources exist",
    ],
    [
      { "member/etc/pve/nodes/pve02/qemu-server/101.conf": "name: ubuntu\n" },
      "the cluster has guests on a node pve02: 101",
    ],
    [
      { "member/etc/pve/.members": HEARD["member/etc/pve/.members"] },
      "pve01 hears a node pve02 at 192.168.18.100, but corosync does not run here",
    ],
    [
      {
        "member/etc/pve/corosync.conf": LISTED["member/etc/pve/corosync.conf"].replace(
          "192.168.18.100",
          "192.168.18.9",
        ),
      },
      "pve01 lists a node pve02 at 192.168.18.9, and this one is at 192.168.18.100",
    ],
    [
      {
        "member/etc/pve/.members": `${LISTED["member/etc/pve/.members"]}  "pve03": { "id": 3, "online": 0, "ip": "192.168.18.9"}\n`,
      },
      "pve01 has no quorum because other nodes than this one are away",
    ],
  ] as [Record<string, string>, string][])(
    "leaves the member as it is with %j",
    async (changes, what) => {
      const host = hostWith({ ...UNDER_WAY, ...LISTED, ...changes });
      const before = host.read("member/etc/pve/corosync.conf");
      const result = await join02(host);
      expect([result.code, changing(result)]).toEqual([1, []]);
      expect(result.stderr).toContain(`step cluster-join failed: ${what}`);
      expect(host.read("member/etc/pve/corosync.conf")).toBe(before);
    },
  );

  it("says expected 1 to no member that has quorum", async () => {
    const host = hostWith({ ...UNDER_WAY, ...LISTED, "state/memberQuorate": "Yes" });
    const result = await join02(host);
    expect(changing(result)[0]).toBe("pvecm delnode pve02");
    expect(changing(result)).not.toContain("pvecm expected 1");
  });
});

describe("a joiner that cannot be reached", () => {
  it("is named by the cluster's first step, which changes nothing", async () => {
    const host = hostWith({
      "etc/pve/corosync.conf": LISTED["member/etc/pve/corosync.conf"],
      "etc/pve/.members": LISTED["member/etc/pve/.members"],
      "state/memberQuorate": "No",
    });
    const files = host.files();
    const result = await host.run(STEPS.found);
    expect([result.code, changing(result)]).toEqual([1, []]);
    expect(result.stderr).toContain(
      "pve01: step cluster-found failed: the cluster has no quorum: away are pve02\n  What to do: switch them on",
    );
    expect(host.files()).toEqual(files);
  });
});

describe("pvecm, when the script above it was killed", () => {
  it("keeps the host's lock until it ends, as its worker has a session of its own", () => {
    // `pvecm add --use_ssh` takes no lock of its own (CLI/pvecm.pm); its worker calls setsid (RESTEnvironment.pm).
    const folder = mkdtempSync(join(tmpdir(), "lock-"));
    const lock = join(folder, "proxmox-ha.lock");
    const line = commandLine("cluster/join", "apply").replace("/run/lock/proxmox-ha.lock", lock);
    const pid = join(folder, "pid");
    const text = `echo $$ >'${pid}'\ntimeout -k 30 180 setsid -f sleep 2\nkill -9 $$\n#end`;
    const { status } = spawnSync("bash", ["-c", line], {
      input: text,
      stdio: ["pipe", "ignore", "ignore"],
    });
    expect([status, /^\d+\n$/.test(readFileSync(pid, "utf8"))]).toEqual([137, true]);
    const take = (...options: string[]): number | null =>
      spawnSync("flock", [...options, lock, "true"]).status;
    expect(take("-n")).toBe(1);
    expect(take("-w", "20")).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
