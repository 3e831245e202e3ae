import { packageVariables } from "../../../components/cluster/packages";
import { Site } from "./support/takeover";

let lab: Site;
beforeEach(async () => {
  lab = await Site.fresh();
});

const MARK = "/var/lib/proxmox-ha/installing";
const KEYRING = "/usr/share/keyrings/proxmox-archive-keyring.gpg";
const file = (content: string) => ({ content, mode: 0o644 });

describe("before any change, a host is refused", () => {
  const refused = async (): Promise<[string, string]> => {
    const before = structuredClone(lab.left());
    const words = await lab.refusal("prepare");
    expect(lab.left()).toEqual(before);
    return words;
  };

  it.each([
    ["iface eno1 inet dhcp\n", "DHCP"],
    ["iface eno1 inet static\n\taddress 192.168.18.25/24\n", "another address"],
    ["# address 192.168.18.251/24\n", "an address in a comment"],
  ])("with %j in its interfaces: %s", async (content) => {
    lab.site.host("pve01").files["/etc/network/interfaces"] = file(content);
    const [what, remedy] = await refused();
    expect(what).toBe("/etc/network/interfaces does not set 192.168.18.251");
    expect(remedy).toContain("'address 192.168.18.251/24'");
  });

  it("whose network is set up by cloud-init, without /etc/network/interfaces", async () => {
    delete lab.site.host("pve01").files["/etc/network/interfaces"];
    expect((await refused())[1]).toContain("netplan");
  });

  it.each(["192.168.18.99 pve01", "127.0.0.1 localhost pve01", "10.0.0.7\tpve02.lan pve02"])(
    "with another address for one of the site's names: %s",
    async (line) => {
      const hosts = lab.site.host("pve01").files["/etc/hosts"];
      if (hosts) hosts.content += `${line}\n`;
      const [what] = await refused();
      expect(what).toBe(
        `/etc/hosts gives the site's names other addresses: ${line.replace("\t", " ")}`,
      );
    },
  );

  it("of release 8, which has no Debian to come from here", async () => {
    Object.assign(lab.told, packageVariables(8, "no-subscription"));
    const [what, remedy] = await refused();
    expect(what).toBe("packages of Proxmox VE 8 for a bare Debian are not known");
    expect(remedy).toContain("its own installer");
  });
});

describe("a fault stops the run with what to do", () => {
  it("another keyring than Proxmox's: it is not put where apt looks", async () => {
    lab.told.KEYRING_SHA256 = "0".repeat(64);
    const [what, remedy] = await lab.refusal("prepare");
    expect(what).toMatch(/^the keyring from https:.* has the sha256 136673be\S+, not 0{64}$/);
    expect(remedy).toContain("nothing was trusted");
    expect(lab.site.host("pve01").files[KEYRING]).toBeUndefined();
    expect(Object.keys(lab.site.host("pve01").files)).not.toContain(
      "/etc/apt/sources.list.d/proxmox.sources",
    );
  });

  it("no subscription for the enterprise repository", async () => {
    Object.assign(lab.told, packageVariables(9, "enterprise"));
    const [what, remedy] = await lab.refusal("prepare");
    expect(what).toBe("reading package lists did not succeed");
    expect(remedy).toContain("set cluster.packages: no-subscription");
  });

  it("no way to the package servers", async () => {
    lab.site.hardware.plug("pve01", false);
    const [what, remedy] = await lab.refusal("prepare");
    expect(what).toMatch(/^fetching https:.*\.gpg did not succeed$/);
    expect(remedy).toContain("/etc/resolv.conf");
  });

  it("no way to them any more, when old lists would do", async () => {
    await lab.says("prepare");
    await lab.says("reboot");
    await lab.boots();
    lab.site.hardware.plug("pve01", false);
    expect(await lab.refusal("install")).toEqual([
      "reading package lists did not succeed",
      expect.stringContaining("/etc/resolv.conf"),
    ]);
  });

  it("a full disk", async () => {
    lab.state.fullDisks = { pve01: ["/"] };
    expect((await lab.step("prepare")).exitCode).toBe(1);
    delete lab.state.fullDisks;
    await lab.says("prepare");
    lab.state.fullDisks = { pve01: ["/"] };
    await lab.says("reboot");
    await lab.boots();
    const [what, remedy] = await lab.refusal("install");
    expect(what).toBe("reading package lists did not succeed");
    expect(remedy).toContain("make room");
  });

  it("a process that keeps packages to itself is named after five minutes", async () => {
    lab.site.host("pve01").traits = { aptLock: "unattended-upgr" };
    const from = lab.clock.now();
    const [what, remedy] = await lab.refusal("prepare");
    expect(what).toMatch(/for 5 minutes another process has been using packages: .*process.* 1301/);
    expect(remedy).toContain("wait until that process is done");
    expect(lab.clock.now() - from).toBe(300_000);
  });

  it("a kernel of Debian's that GRUB prefers", async () => {
    await lab.says("prepare");
    await lab.out("pve01", "apt-get purge -y 'proxmox-kernel-6.17.2*'; systemctl reboot");
    await lab.advance(100);
    const [what, remedy] = await lab.refusal("install");
    expect(what).toBe("the kernel that runs is 6.12.48+deb13-amd64, not Proxmox's");
    expect(remedy).toContain("GRUB");
  });

  it("a Debian that was installed anew after it had been prepared", async () => {
    const [what, remedy] = await lab.refusal("install");
    expect(what).toContain("has not been prepared");
    expect(remedy).toContain("--replace '**prepare-pve01'");
  });

  it("a half installed Proxmox VE that is not ours to complete", async () => {
    const host = lab.site.host("pve02");
    host.dpkg = { states: { "pve-manager": "half-configured" } };
    const { stderr, exitCode } = await lab.step("install", "pve02");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Proxmox VE is installed in part: install ok half-configured");
  });
});

describe("a process that uses packages", () => {
  it("is waited for, whether it holds dpkg's lock or that of the lists", async () => {
    lab.site.host("pve01").traits = { aptLock: "unattended-upgr" };
    lab.clock.after(60_000, () => delete lab.site.host("pve01").traits);
    const words = await lab.says("prepare");
    expect(words.match(/pve01: waits: .*\n/g)).toHaveLength(1);
    expect(words).toContain("pve01: is ready for Proxmox VE\n");
  });
});

describe("the enterprise repository", () => {
  it("is used where the site has a subscription, and stays on", async () => {
    Object.assign(lab.told, packageVariables(9, "enterprise"));
    lab.site.host("pve01").traits = { subscription: true };
    await lab.takeOver();
    expect(lab.content("/etc/apt/sources.list.d/pve-enterprise.sources")).not.toContain("Enabled");
    expect(Object.keys(lab.site.host("pve01").files)).not.toContain(
      "/etc/apt/sources.list.d/proxmox.sources",
    );
  });
});

describe("cut short at any time, the run ends as if it had not been", () => {
  let undisturbed: unknown;
  beforeAll(async () => {
    const site = await Site.fresh();
    await site.takeOver();
    undisturbed = site.left();
  });

  /** Seconds from the start. Each package takes a second to unpack and one to set up, the boot a minute. */
  const MOMENTS = [0.5, 8, 30, 85, 100, 138];

  const begun = (): { waits: AbortController; ended: () => boolean } => {
    const waits = new AbortController();
    let over = false;
    const run = async (): Promise<void> => {
      for (const step of ["prepare", "reboot", "install"] as const) {
        const { exitCode } = await lab.exec(step, "pve01", waits.signal);
        if (exitCode !== 0 || waits.signal.aborted) return;
        if (step === "reboot") await waitForBoot(waits.signal);
      }
    };
    void run()
      .catch(() => undefined)
      .finally(() => (over = true));
    return { waits, ended: () => over };
  };

  const waitForBoot = async (signal: AbortSignal): Promise<void> => {
    const { site } = lab;
    while (!signal.aborted) {
      await new Promise<void>((resolve) => void lab.clock.after(1000, resolve));
      if (site.hardware.isOn("pve01") && site.units.isActive(site.host("pve01"), "ssh")) return;
    }
  };

  it.each(MOMENTS)("by a power cut after %d s", async (seconds) => {
    lab.site.host("pve01").traits = { packageMs: 1000 };
    const { waits, ended } = begun();
    await lab.advance(seconds);
    expect(ended()).toBe(false);
    lab.power("pve01", false);
    waits.abort();
    await lab.advance(5);
    lab.power("pve01", true);
    await lab.takeOver();
    expect(lab.left()).toEqual(undisturbed);
  });

  it.each([2, 30, 100])("by a lost connection after %d s, while apt goes on", async (seconds) => {
    lab.site.host("pve01").traits = { packageMs: 1000 };
    const { waits } = begun();
    await lab.advance(seconds);
    waits.abort();
    await lab.boots();
    await lab.takeOver();
    expect(lab.left()).toEqual(undisturbed);
    expect(lab.site.host("pve01").files[MARK]).toBeUndefined();
  });
});
