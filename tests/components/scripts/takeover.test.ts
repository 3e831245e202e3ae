import {
  DebianHost,
  LEFT,
  PROXMOX_KERNEL,
  TAKEOVER,
  type TakeoverStep,
} from "../support/debianHost";
import { endsAlike } from "../support/killed";

/** From Debian to Proxmox VE under real bash: the same decisions as in the lab (tests/lab/takeover). */

const hosts: DebianHost[] = [];
function hostFor(step: TakeoverStep, state: Record<string, string> = {}): DebianHost {
  const host = new DebianHost({ ...LEFT[step], ...state });
  hosts.push(host);
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

const STEPS = Object.keys(TAKEOVER) as TakeoverStep[];
const CHANGING = /^(apt|dpkg |debconf-set|systemd-run|systemctl (?!is-)|update-)/;
const changes = (calls: string[][]): string[] =>
  calls.map((call) => call.join(" ")).filter((call) => CHANGING.test(call));

describe.each(STEPS)("%s", (step) => {
  it("works on a host that is ready for it", async () => {
    const { code, stdout, stderr } = await hostFor(step).run(TAKEOVER[step]);
    expect(stderr).not.toMatch(/failed|not found|No such file/);
    expect([code, stdout]).toEqual([0, ""]);
  });

  it("comes to the same end after being killed at any moment", async () => {
    await endsAlike(hostFor(step), TAKEOVER[step], { kept: withoutRests });
  });

  it.each([
    [
      "is Proxmox VE",
      { "state/packages": "pve-manager installed\n", "state/kernel": PROXMOX_KERNEL },
    ],
    [
      "is a member of a cluster, with a mark of ours left",
      {
        "etc/pve/corosync.conf": "totem {\n}\n",
        "state/packages": "pve-manager installed\n",
        "var/lib/proxmox-ha/installing": "prepared\n",
      },
    ],
    [
      "is a member whose cluster file system does not run",
      { "etc/corosync/corosync.conf": "totem {\n}\n", "state/packages": "pve-manager unpacked\n" },
    ],
  ])("changes nothing on a host that %s", async (_what, state) => {
    const host = new DebianHost(state);
    hosts.push(host);
    const before = host.files();
    const { code, calls } = await host.run(TAKEOVER[step]);
    expect(code).toBe(0);
    expect(changes(calls)).toEqual([]);
    expect(host.files()).toEqual(before);
  });
});

/** What a run that was killed may have left in memory or twice, and disturbs nobody. */
function withoutRests(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => !/run\/lock|\/(answers|keyring)$|\.proxmox-ha$/.test(path))
      .map(([path, text]) => [path, [...new Set(text.split("\n"))].join("\n")]),
  );
}

describe("preparing", () => {
  it("asks apt for this, in this order", async () => {
    const { calls } = await hostFor("prepare").run(TAKEOVER.prepare);
    const options = "-q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold";
    expect(changes(calls)).toEqual([
      "dpkg --force-confdef --force-confold --configure -a",
      "debconf-set-selections /var/lib/proxmox-ha/answers",
      "apt-helper -o APT::Sandbox::User=root download-file https://enterprise.proxmox.com/debian/proxmox-archive-keyring-trixie.gpg /var/lib/proxmox-ha/keyring",
      `apt-get ${options} -o APT::Update::Error-Mode=any update`,
      `apt-get ${options} dist-upgrade`,
      `apt-get ${options} install proxmox-default-kernel`,
    ]);
  });

  it("tells GRUB's package the disks of a mirror, once each, where it does not know", async () => {
    const host = hostFor("prepare");
    await host.run(TAKEOVER.prepare);
    expect(host.read("state/debconf-grub-pc")).toBe(
      "* grub-pc/install_devices: /dev/sda, /dev/sdb\n",
    );
    const knows = hostFor("prepare", {
      "state/debconf-grub-pc": "* grub-pc/install_devices: /dev/vda\n",
      "state/debconf-postfix": "* postfix/main_mailer_type: Satellite system\n",
    });
    const { calls } = await knows.run(TAKEOVER.prepare);
    expect(changes(calls).filter((call) => call.startsWith("debconf-set"))).toEqual([]);
  });

  it("fetches certificates first on a Debian that has none", async () => {
    const host = hostFor("prepare", { "state/packages": "bash installed\n" });
    const { calls } = await host.run(TAKEOVER.prepare);
    const words = changes(calls).map((call) => call.split(" ").slice(-2).join(" "));
    expect(words.indexOf("install ca-certificates")).toBeGreaterThan(0);
    expect(words.indexOf("install ca-certificates")).toBeLessThan(
      words.findIndex((call) => call.endsWith("/keyring")),
    );
  });

  it("lets apt fetch what dpkg cannot set up without", async () => {
    const host = hostFor("prepare");
    host.failing("dpkg", "--configure", "dpkg: dependency problems", 1);
    const { code, calls } = await host.run(TAKEOVER.prepare);
    expect(code).toBe(0);
    expect(changes(calls)[1]).toMatch(/^apt-get .* --fix-broken install$/);
  });

  it.each([
    [124, "upgrading Debian did not end within 90m"],
    [100, "upgrading Debian did not succeed"],
  ])("stops where apt ends with %d", async (code, what) => {
    const host = hostFor("prepare");
    host.failing("apt-get", "dist-upgrade", "E: broken", code);
    const { stderr, code: ended } = await host.run(TAKEOVER.prepare);
    expect(stderr).toContain(`E: broken\n\npve01: step cluster-prepare failed: ${what}\n`);
    expect(ended).toBe(1);
    expect(host.read("var/lib/proxmox-ha/installing")).toBe("");
  });

  it("waits five minutes for a lock of dpkg's or the lists', and then names who has it", async () => {
    const host = hostFor("prepare");
    const held =
      "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 77 (apt-get)";
    host.failing("apt-get", "update", held);
    const { stderr, calls } = await host.run(TAKEOVER.prepare);
    expect(calls.filter(([name]) => name === "sleep")).toHaveLength(60);
    expect(stderr).toContain(`for 5 minutes another process has been using packages: ${held}\n`);
  });
});

describe("rebooting", () => {
  it("is scheduled before logins are refused, so that no host is left without both", async () => {
    const { calls } = await hostFor("reboot").run(TAKEOVER.reboot);
    expect(changes(calls).slice(1)).toEqual([
      "systemd-run --collect --on-active=2 --timer-property=AccuracySec=500ms systemctl reboot --check-inhibitors=no",
      "systemctl stop ssh.socket ssh.service",
    ]);
  });

  it("refuses no logins when it could not be scheduled", async () => {
    const host = hostFor("reboot");
    host.failing("systemd-run", "--collect", "Failed to start transient timer unit", 1);
    const { code, calls, stderr } = await host.run(TAKEOVER.reboot);
    expect(stderr).toContain("failed: the reboot could not be scheduled\n");
    expect([code, changes(calls).slice(2)]).toEqual([1, []]);
  });

  it("is not made into a system without Proxmox's kernel", async () => {
    const host = hostFor("reboot", { "state/packages": "bash installed\n" });
    const { stderr, calls } = await host.run(TAKEOVER.reboot);
    expect(stderr).toContain("failed: Proxmox's kernel is not installed\n");
    expect(changes(calls)).toEqual([]);
  });
});

describe("installing", () => {
  it("ends with no kernel of Debian's, and the enterprise repository off", async () => {
    const host = hostFor("install");
    await host.run(TAKEOVER.install);
    expect(host.read("state/packages")).not.toMatch(/linux-image|os-prober/);
    expect(host.read("etc/apt/sources.list.d/pve-enterprise.sources")).toBe(
      "Types: deb\nEnabled: no\nURIs: https://enterprise.proxmox.com/debian/pve\n",
    );
    expect(host.exists("var/lib/proxmox-ha/installing")).toBe(false);
  });

  it("removes nothing while Debian's kernel runs", async () => {
    const host = hostFor("install", { "state/kernel": "6.12.48+deb13-amd64\n" });
    const { stderr, calls } = await host.run(TAKEOVER.install);
    expect(stderr).toContain(
      "failed: the kernel that runs is 6.12.48+deb13-amd64, not Proxmox's\n",
    );
    expect(changes(calls)).toEqual([]);
  });

  it("goes on where an earlier run has installed, and the list that came back would stop apt", async () => {
    const host = hostFor("install", {
      "state/packages": `${LEFT.install["state/packages"]}pve-manager installed\n`,
      "etc/apt/sources.list.d/pve-enterprise.sources": "Types: deb\nURIs: https://x\n",
    });
    expect((await host.run(TAKEOVER.install)).code).toBe(0);
  });

  it("waits two minutes for Proxmox VE's services", async () => {
    const host = hostFor("install");
    // Of several units systemctl would be content with one that runs.
    host.failing("systemctl", "is-active --quiet pvedaemon", "", 3);
    const { stderr, calls } = await host.run(TAKEOVER.install);
    expect(calls.filter(([name]) => name === "sleep")).toHaveLength(120);
    expect(stderr).toContain("failed: Proxmox VE's services do not run\n");
  });
});
