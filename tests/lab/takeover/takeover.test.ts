import { Site } from "./support/takeover";

let lab: Site;
beforeEach(async () => {
  lab = await Site.fresh();
});

const MARK = "/var/lib/proxmox-ha/installing";
const SOURCES = "/etc/apt/sources.list.d";

describe("a bare Debian", () => {
  it("becomes a Proxmox VE of its own, and nothing of the way is left", async () => {
    const debian = lab.content(`${SOURCES}/debian.sources`);
    await lab.takeOver();
    expect(await lab.out("pve01", "uname -r; ls /boot | grep vmlinuz")).toBe(
      "6.17.2-1-pve\nvmlinuz-6.17.2-1-pve\n",
    );
    expect(await lab.out("pve01", "pvesh get /version --output-format json")).toContain("9.1");
    expect(await lab.out("pve01", "systemctl is-active postfix chrony pveproxy ssh")).toBe(
      "active\nactive\nactive\nactive\n",
    );
    const { packages } = lab.site.host("pve01");
    expect(packages).toEqual(expect.arrayContaining(["nfs-common", "open-iscsi"]));
    expect(packages.filter((name) => /^linux-image|os-prober|timesyncd/.test(name))).toEqual([]);
    expect(lab.content(`${SOURCES}/debian.sources`)).toBe(debian);
    expect(
      Object.keys(lab.site.host("pve01").files).filter((path) => /proxmox-ha/.test(path)),
    ).toEqual([]);
    // The enterprise repository is off, so that lists can be read.
    expect((await lab.run("pve01", "apt-get update")).exitCode).toBe(0);
  });

  it("gets the site's names for its own, and keeps what else stands in /etc/hosts", async () => {
    const { files } = lab.site.host("pve01");
    const hosts = files["/etc/hosts"];
    if (hosts) hosts.content += "192.168.18.77 printer # mine\n192.168.18.200\tnas.lan nas";
    await lab.says("prepare");
    expect(lab.content("/etc/hosts")).toBe(
      [
        "127.0.0.1\tlocalhost",
        "",
        "# The following lines are desirable for IPv6 capable hosts",
        "::1     localhost ip6-localhost ip6-loopback",
        "ff02::1 ip6-allnodes",
        "ff02::2 ip6-allrouters",
        "192.168.18.77 printer # mine",
        "192.168.18.200\tnas.lan nas",
        "192.168.18.251\tpve01.lan pve01",
        "192.168.18.100\tpve02",
        "",
      ].join("\n"),
    );
    expect(await lab.out("pve01", "hostname --ip-address")).toBe("192.168.18.251\n");
  });

  it("trusts Proxmox's key for Proxmox's packages alone", async () => {
    await lab.says("prepare");
    expect(lab.content(`${SOURCES}/proxmox.sources`)).toBe(
      "Types: deb\nURIs: http://download.proxmox.com/debian/pve\nSuites: trixie\nComponents: pve-no-subscription\nSigned-By: /usr/share/keyrings/proxmox-archive-keyring.gpg\n",
    );
    expect(await lab.out("pve01", "ls /etc/apt/trusted.gpg.d")).toBe("debian-archive-stable.gpg\n");
  });

  it("sends its mail nowhere, unless somebody has decided otherwise before", async () => {
    await lab.says("prepare");
    expect(await lab.out("pve01", "debconf-show postfix")).toContain(
      "main_mailer_type: Local only",
    );
    const other = await Site.fresh();
    await other.out(
      "pve01",
      "debconf-set-selections",
      "postfix postfix/main_mailer_type select Satellite system\n",
    );
    await other.says("prepare");
    expect(await other.out("pve01", "debconf-show postfix")).toBe(
      "* postfix/main_mailer_type: Satellite system\n",
    );
  });

  it("keeps configuration files that somebody has changed", async () => {
    lab.site.host("pve01").files["/etc/chrony/chrony.conf"] = { content: "mine\n", mode: 0o644 };
    await lab.takeOver();
    expect(lab.content("/etc/chrony/chrony.conf")).toBe("mine\n");
  });
});

describe("the reboot", () => {
  it("comes after the script's end, and nobody can log in before it is over", async () => {
    await lab.says("prepare");
    const { site } = lab;
    const { bootedAt } = site.host("pve01");
    expect(await lab.says("reboot")).toContain("reboots into Proxmox's kernel");
    expect([site.hardware.isOn("pve01"), site.units.isActive(site.host("pve01"), "ssh")]).toEqual([
      true,
      false,
    ]);
    await lab.boots();
    expect(site.host("pve01").bootedAt).toBeGreaterThan(bootedAt);
    expect(await lab.out("pve01", "uname -r")).toBe("6.17.2-1-pve\n");
  });

  it("is waited for when it takes ten minutes", async () => {
    lab.site.host("pve01").traits = { bootMs: 600_000 };
    await lab.takeOver();
    expect(await lab.out("pve01", "systemctl is-active pveproxy")).toBe("active\n");
  });

  it("is made once, however often the step runs", async () => {
    await lab.takeOver();
    const { bootedAt } = lab.site.host("pve01");
    expect(await lab.says("reboot")).toBe("pve01: needs no reboot\n");
    await lab.advance(120);
    expect(lab.site.host("pve01").bootedAt).toBe(bootedAt);
  });
});

describe("running again", () => {
  /** Programs that could change something, and files that were changed. */
  const changes = (since: number): string[] =>
    lab.site.commands
      .after(since)
      .flatMap(
        ({ command = "", writes }) =>
          writes ??
          (/^(apt|dpkg |debconf-set|systemctl (?!is-)|systemd-run|update-)/.test(command)
            ? command
            : []),
      )
      .flat();

  it.each(["pve01", "pve02"] as const)(
    "changes nothing on %s once it is Proxmox VE",
    async (host) => {
      if (host === "pve01") await lab.takeOver();
      const since = lab.site.commands.after(0).length;
      for (const step of ["prepare", "reboot", "install"] as const) {
        expect(await lab.says(step, host)).toMatch(
          /^pve0\d: (is Proxmox VE already|needs no reboot)/,
        );
      }
      expect(changes(since)).toEqual([]);
    },
  );

  it("changes nothing on a member of a cluster, even where a mark was left", async () => {
    await lab.out("pve02", `pvecm create site; mkdir -p /var/lib/proxmox-ha; : >${MARK}`);
    const since = lab.site.commands.after(0).length;
    for (const step of ["prepare", "reboot", "install"] as const) await lab.says(step, "pve02");
    expect(changes(since)).toEqual([]);
  });

  it("installs nothing twice on a host that waits for its reboot", async () => {
    await lab.says("prepare");
    const since = lab.site.commands.after(0).length;
    expect(await lab.says("prepare")).toBe("pve01: is ready for Proxmox VE\n");
    expect(changes(since)).toEqual([]);
  });
});
