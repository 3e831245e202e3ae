import { execFileSync } from "node:child_process";
import type { RemoteScriptArgs } from "../../../components/remoteScript";
import type { Result } from "../support/host";
import { endsAlike } from "../support/killed";
import { NODE_STEPS, NodeHost, type NodeStep } from "../support/nodeHost";

/** The scripts that run on each node, under real bash. What they decide in the lab is told beside their domains. */

const hosts: NodeHost[] = [];
function node(state: Record<string, string> = {}): NodeHost {
  const host = new NodeHost(state);
  hosts.push(host);
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

const { watchdog, waits, vzdump } = NODE_STEPS;
const withVariables = (step: RemoteScriptArgs, variables: Record<string, string>) => ({
  ...step,
  variables: { ...step.variables, ...variables },
});
/** Calls that change something on the host. */
const changing = ({ calls }: Result): string[] =>
  calls
    .map((call) => call.join(" "))
    .filter((call) =>
      /^(systemctl (enable|disable|start|stop|daemon)|modprobe -r|rm|apt)/.test(call),
    );

describe.each(Object.keys(NODE_STEPS) as NodeStep[])("%s", (name) => {
  const step: RemoteScriptArgs = NODE_STEPS[name];

  it("comes to its end, and says whose host that is", async () => {
    const { code, stderr } = await node().run(step);
    expect(stderr).toMatch(/^pve01: .+$/m);
    expect(stderr).not.toMatch(/failed|not found|No such file/);
    expect(code).toBe(0);
  });

  it("comes to the same end after being killed at any moment", async () => {
    await endsAlike(node(), step);
  });

  it("makes no change when it runs again", async () => {
    const host = node();
    await host.run(step);
    const files = host.files();
    const again = await host.run(step);
    expect(changing(again).filter((call) => !call.includes(".proxmox-ha"))).toEqual([]);
    expect(host.files()).toEqual(files);
  });
});

describe("the temporary folder of vzdump", () => {
  it("is one line at the end of what is there", async () => {
    const host = node();
    await host.run(vzdump);
    expect(host.text("etc/vzdump.conf")).toBe(
      "# vzdump default settings\n\n#tmpdir: DIR\n#dumpdir: DIR\ntmpdir: /var/tmp\n",
    );
    expect(host.mode("etc/vzdump.conf")).toBe("644");
  });

  it.each(["tmpdir: /mnt/fast\n", "bwlimit: 1000\ntmpdir: /var/tmp"])(
    "stays as somebody has set it: %j",
    async (text) => {
      const host = node({ "etc/vzdump.conf": text });
      expect((await host.run(vzdump)).code).toBe(0);
      expect(host.text("etc/vzdump.conf")).toBe(text);
    },
  );

  it("follows a last line without an end", async () => {
    const host = node({ "etc/vzdump.conf": "bwlimit: 1000" });
    await host.run(vzdump);
    expect(host.text("etc/vzdump.conf")).toBe("bwlimit: 1000\ntmpdir: /var/tmp\n");
  });

  it("makes the file where there is none", async () => {
    const host = node();
    execFileSync("rm", [`${host.root}/etc/vzdump.conf`]);
    await host.run(vzdump);
    expect(host.text("etc/vzdump.conf")).toBe("tmpdir: /var/tmp\n");
  });
});

describe("the wait at boot", () => {
  it("stands before HA agent and guests, and its limit is beyond its own", async () => {
    const host = node();
    await host.run(waits);
    const unit = host.text("etc/systemd/system/proxmox-ha-storages.service");
    expect(unit).toContain("\nBefore=pve-ha-lrm.service pve-guests.service\n");
    expect(unit).toContain("\nAfter=network-online.target\n");
    expect(unit).toContain(
      "\nExecStart=/usr/local/sbin/proxmox-ha-wait-for-storages 10 192.168.18.200\nTimeoutStartSec=12min\n",
    );
    expect(unit).not.toMatch(/Requires|RequiredBy|BindsTo/);
    expect(host.mode("usr/local/sbin/proxmox-ha-wait-for-storages")).toBe("755");
  });

  it("follows another limit, and is enabled once", async () => {
    const host = node();
    await host.run(waits);
    const again = await host.run(withVariables(waits, { MINUTES: "5" }));
    expect(changing(again)).toEqual(["systemctl daemon-reload"]);
    expect(host.text("etc/systemd/system/proxmox-ha-storages.service")).toContain("storages 5 ");
  });

  it.each([{ MINUTES: "0" }, { SERVERS: "" }])("is taken away by %j", async (variables) => {
    const host = node();
    const before = host.files();
    await host.run(waits);
    const gone = await host.run(withVariables(waits, variables));
    expect(gone).toMatchObject({ code: 0, stdout: "" });
    const { "state/reloaded": reloaded, ...files } = host.files();
    expect([files, reloaded]).toEqual([before, ""]);
    expect(changing(await host.run(withVariables(waits, variables)))).toEqual([]);
  });

  it("is gone in the same way after that was killed at any moment", async () => {
    const host = node();
    await host.run(waits);
    const states = await endsAlike(host, withVariables(waits, { MINUTES: "0" }));
    expect(states.length).toBeGreaterThan(2);
  });

  it("is written into a file system that is not booted, too", async () => {
    const host = node();
    execFileSync("rm", ["-r", `${host.root}/run/systemd`]);
    const { code, stderr, calls } = await host.run(waits);
    expect(code).toBe(0);
    expect(stderr).toContain("takes effect with the first boot");
    expect(calls.map((call) => call.join(" "))).not.toContain("systemctl daemon-reload");
    expect(
      host.exists("etc/systemd/system/multi-user.target.wants/proxmox-ha-storages.service"),
    ).toBe(true);
  });

  it("is a script that shellcheck has nothing against", async () => {
    const host = node();
    await host.run(waits);
    const program = `${host.root}/usr/local/sbin/proxmox-ha-wait-for-storages`;
    expect(execFileSync("shellcheck", [program], { encoding: "utf8" })).toBe("");
  });
});

describe("the watchdog", () => {
  const refused = { "run/watchdog-mux.active/x": "" };

  it("keeps the file's other lines", async () => {
    const host = node();
    await host.run(watchdog);
    expect(host.text("etc/default/pve-ha-manager")).toBe(
      "# select watchdog module (default is softdog)\n#WATCHDOG_MODULE=ipmi_watchdog\nWATCHDOG_MODULE=iTCO_wdt\n",
    );
  });

  it("is not touched while an agent is connected to watchdog-mux", async () => {
    const host = node(refused);
    const before = host.files();
    const result = await host.run(watchdog);
    expect(result.code).toBe(1);
    expect(changing(result)).toEqual([]);
    expect(host.files()).toEqual(before);
  });

  it("is not touched while HA services are on the node", async () => {
    const host = node({
      "state/ha":
        "quorum OK\nmaster pve02 (active, x)\nlrm pve01 (idle, x)\nservice vm:100 (pve01, starting)\n",
    });
    const result = await host.run(watchdog);
    expect(result.stderr).toContain("HA services are on this node");
    expect(changing(result)).toEqual([]);
  });

  it.each([
    "service vm:100 (pve02, started)",
    "service vm:100 (pve01, ignored)",
    "fencing disarmed, resource mode: freeze (CRM watchdog released)\nservice vm:100 (pve01, freeze)",
  ])("may change with %j", async (lines) => {
    const host = node({ "state/ha": `quorum OK\n${lines}\n` });
    expect((await host.run(watchdog)).code).toBe(0);
    expect(host.exists("state/reset")).toBe(false);
  });

  it("of the machine that the kernel loads by itself stays where softdog is the default", async () => {
    const host = node({
      "sys/class/watchdog/watchdog0/identity": "iTCO_wdt\n",
      "state/driver": "iTCO_wdt\n",
    });
    const result = await host.run(withVariables(watchdog, { WATCHDOG: "softdog" }));
    expect(result.stderr).toContain("the machine's own (iTCO_wdt)");
    expect(changing(result)).toEqual([]);
  });
});

describe("an export", () => {
  it.each([
    ["root_squash", "may not give files to another owner"],
    ["denied", "cannot be mounted: mount.nfs: access denied by server"],
    ["v4", "showmount gets no answer"],
    ["down", "does not answer on TCP port 2049"],
  ])("with %s is a problem that is told with a remedy", async (state, words) => {
    const host = node({ "state/export": state });
    const { code, stdout } = await host.run(NODE_STEPS.exports);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^problem\\tstorage Data: .*${words}.*\\t.{20,}$`, "m"));
    expect(host.read("state/mounts")).toBe("");
  });

  it("that Proxmox VE uses is not written to", async () => {
    const host = node({
      "state/mounts":
        "/mnt/pve/Data 192.168.18.200:/backup/pve-data\n/mnt/pve/Backup 192.168.18.200:/backup/pve-backup\n",
    });
    const { code, calls } = await host.run(NODE_STEPS.exports);
    expect(code).toBe(0);
    expect(calls.map(([name]) => name)).not.toContain("mount");
    expect(calls.map(([name]) => name)).not.toContain("chown");
  });
});
