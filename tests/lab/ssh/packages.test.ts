import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

const nas = (script: string, stdin = "") => lab.run("nas", script, stdin);

describe("apt-get", () => {
  it.each([
    [
      "Signed-By: /usr/share/keyrings/none.gpg",
      'Error: Failed to parse keyring "/usr/share/keyrings/none.gpg"',
    ],
    [
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
      "Missing key 24B30F06ECC1836A4E5EFECBA7BCD1420BFE778E, which is needed to verify signature.",
    ],
  ])("takes nothing from a source without its key: %s", async (line, reason) => {
    const stanza = `Types: deb\nURIs: http://download.proxmox.com/debian/pve\nSuites: trixie\nComponents: pve-no-subscription\n${line}\n`;
    const { stderr, exitCode } = await nas(
      "cat >/etc/apt/sources.list.d/p.sources; apt-get update",
      stanza,
    );
    expect(exitCode).toBe(100);
    expect(stderr).toContain(reason);
    expect(stderr).toContain(
      "E: The repository 'http://download.proxmox.com/debian/pve trixie InRelease' is not signed.\n",
    );
    expect((await nas("apt-get install -y proxmox-ve")).exitCode).toBe(100);
  });

  it("does nothing with sources that it cannot read", async () => {
    const { stderr, exitCode } = await nas(
      "echo 'Types: deb' >/etc/apt/sources.list.d/p.sources; apt-get install -y curl",
    );
    expect([stderr, exitCode]).toEqual([
      "E: Malformed stanza 1 in source list /etc/apt/sources.list.d/p.sources (URI)\nE: The list of sources could not be read.\n",
      100,
    ]);
  });

  it("warns where nobody answers", async () => {
    lab.site.hardware.plug("nas", false);
    const { stderr, exitCode } = await nas("apt-get update");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("Temporary failure resolving 'deb.debian.org'");
  });

  it("is kept out by a lock, or waits for it as long as it is told", async () => {
    lab.site.host("nas").traits = { aptLock: "unattended-upgr" };
    const { stderr, exitCode } = await nas("apt-get install -y curl");
    expect(exitCode).toBe(100);
    expect(stderr).toMatch(
      /^E: Could not get lock \/var\/lib\/dpkg\/lock-frontend\. It is held by process \d+ \(unattended-upgr\)\n/,
    );
    expect((await nas("dpkg --configure -a")).exitCode).toBe(2);
    const waiting = lab.hosts
      .shellOf("nas")
      .exec("apt-get -o DPkg::Lock::Timeout=60 install -y curl", "");
    await lab.advance(20);
    delete lab.site.host("nas").traits?.aptLock;
    expect((await lab.settle(waiting)).exitCode).toBe(0);
  });

  it("needs room", async () => {
    lab.state.fullDisks = { nas: ["/"] };
    expect(await nas("apt-get install -y curl")).toMatchObject({
      stderr: "E: You don't have enough free space in /var/cache/apt/archives/.\n",
      exitCode: 100,
    });
  });

  it("leaves a run that a power loss has cut off to dpkg", async () => {
    lab.site.host("nas").traits = { packageMs: 1000 };
    void lab.hosts.shellOf("nas").exec("apt-get install -y curl rsync", "");
    await lab.advance(1.5);
    lab.power("nas", false);
    lab.power("nas", true);
    await lab.advance(5);
    expect(await nas("apt-get install -y sudo")).toMatchObject({
      stderr:
        "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n",
      exitCode: 100,
    });
    expect(await lab.out("nas", "dpkg --audit")).toContain(" curl ");
    await lab.out("nas", "dpkg --configure -a; apt-get install -y sudo");
    expect(await lab.out("nas", "dpkg-query -W -f '${Status}' curl")).toBe("install ok installed");
  });

  it("asks before it does more than it was told", async () => {
    const asked = await nas("apt-get install chrony");
    expect(asked).toMatchObject({ exitCode: 1 });
    expect(asked.stdout).toContain(
      "The following packages will be REMOVED:\n  systemd-timesyncd\n",
    );
    await lab.out("nas", "apt-get install -y chrony");
    expect(await lab.out("nas", "systemctl is-active chrony")).toBe("active\n");
    expect((await nas("systemctl is-active systemd-timesyncd")).exitCode).toBe(4);
  });

  it("removes nothing of what Proxmox VE needs by accident", async () => {
    const { stderr, exitCode } = await lab.run("pve01", "apt-get remove -y pve-manager");
    expect(exitCode).toBe(100);
    expect(stderr).toContain("W: (pve-apt-hook) !! WARNING !!\n");
  });

  it("refuses to remove the kernel that runs", async () => {
    const { stderr, exitCode } = await nas("apt-get purge -y 'linux-image-*'");
    expect(exitCode).toBe(100);
    expect(stderr).toContain("E: Aborting removal of the running kernel");
    expect(await lab.out("nas", "ls /boot | grep vmlinuz")).toContain("6.12.48");
  });

  it("asks about a configuration file that somebody has changed", async () => {
    const change = "mkdir -p /etc/chrony; echo mine >/etc/chrony/chrony.conf";
    const failed = await nas(`${change}; DEBIAN_FRONTEND=noninteractive apt-get install -y chrony`);
    expect(failed.exitCode).toBe(100);
    expect(failed.stderr).toContain("end of file on stdin at conffile prompt");
    await lab.out("nas", "apt-get -o Dpkg::Options::=--force-confold -y install -f");
    expect(await lab.out("nas", "cat /etc/chrony/chrony.conf; dpkg -l chrony | tail -n 1")).toMatch(
      /^mine\nii  chrony/,
    );
  });
});

describe("what apt and dpkg tell", () => {
  it.each([
    ["dpkg --print-architecture", "amd64\n"],
    ["apt-cache policy curl | sed -n 2,3p", "  Installed: (none)\n  Candidate: 8.14.1-2\n"],
    ["apt-get -s install curl | grep ^Inst", "Inst curl (8.14.1-2 Debian:13/stable [amd64])\n"],
    [
      "apt list --installed wget 2>/dev/null",
      "Listing...\nwget/trixie 1.25.0-2 amd64 [installed]\n",
    ],
    ["apt-mark hold wget; apt-mark showhold", "wget set on hold.\nwget\n"],
    ["dpkg -S /usr/share/doc/wget", "wget: /usr/share/doc/wget\n"],
    ["dpkg --compare-versions 6.17.2 gt 6.8.12 && echo newer", "newer\n"],
  ])("%s", async (script, stdout) => {
    expect(await nas(script)).toMatchObject({ stdout, exitCode: 0 });
  });

  it("keeps answers for installations, and refuses what is none", async () => {
    const answer = "postfix postfix/main_mailer_type select Local only";
    await lab.out("nas", "debconf-set-selections", `${answer}\n`);
    expect(await lab.out("nas", "debconf-show postfix")).toBe(
      "* postfix/main_mailer_type: Local only\n",
    );
    expect((await nas("debconf-set-selections -c", "nonsense\n")).exitCode).toBe(1);
    expect(await nas("debconf-set-selections", `a a/b kind x\n${answer}\n`)).toMatchObject({
      stderr: "warning: Unknown type kind, skipping line 1\n",
      exitCode: 0,
    });
  });
});
