import { ADDRESS, clusterOfTwo, freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;

describe("systemctl", () => {
  beforeEach(async () => {
    lab = await freshHosts();
  });

  it.each([
    ["is-enabled ssh", "enabled\n", 0],
    ["is-enabled watchdog-mux", "static\n", 0],
    ["is-enabled corosync", "enabled\n", 0],
    ["is-active corosync", "inactive\n", 3],
    ["is-active chronyd", "active\n", 0],
    ["is-enabled nosuch", "not-found\n", 4],
    [
      "show -p ActiveState,UnitFileState pveproxy",
      "ActiveState=active\nUnitFileState=enabled\n",
      0,
    ],
    ["show -p LoadState --value nosuch", "not-found\n", 0],
    ["is-system-running", "running\n", 0],
  ])("%s", async (words, stdout, exitCode) => {
    expect(await lab.run("pve01", `systemctl ${words}`)).toMatchObject({ stdout, exitCode });
  });

  it("knows what starts with the next boot from what runs now", async () => {
    await lab.out("pve01", "systemctl stop chrony; systemctl disable pvestatd");
    expect((await lab.run("pve01", "systemctl is-active chrony pvestatd")).stdout).toBe(
      "inactive\nactive\n",
    );
    await lab.out("pve01", "reboot");
    await lab.advance(70);
    expect((await lab.run("pve01", "systemctl is-active chrony pvestatd")).stdout).toBe(
      "active\ninactive\n",
    );
  });

  it("is content with one unit of several that runs, is enabled or has failed, as systemctl(1) says", async () => {
    await lab.out("pve01", "systemctl stop chrony");
    for (const units of ["chrony pvestatd", "pvestatd nosuch"]) {
      expect((await lab.run("pve01", `systemctl is-active --quiet ${units}`)).exitCode).toBe(0);
    }
    expect((await lab.run("pve01", "systemctl is-active --quiet chrony nosuch")).exitCode).toBe(3);
  });

  it("starts nothing that is masked", async () => {
    await lab.out("pve01", "systemctl mask --now chrony");
    expect(await lab.run("pve01", "systemctl start chrony")).toMatchObject({
      stderr: "Failed to start chrony.service: Unit chrony.service is masked.\n",
      exitCode: 1,
    });
    await lab.out("pve01", "systemctl unmask chrony; systemctl start chrony");
  });

  it("hands a script all of its words, and lets a command fail that may", async () => {
    const service = (name: string, command: string): string =>
      `printf '[Service]\\nType=oneshot\\nExecStart=${command}\\n' >/etc/systemd/system/${name}.service`;
    await lab.out(
      "pve01",
      "printf '#!/bin/bash\\nshift 4\\necho \"$#: $*\" >/root/said\\nexit 3\\n' >/usr/local/sbin/say && chmod +x /usr/local/sbin/say",
    );
    const words = "a b c d 1 2 3 4 5 6 7 8";
    await lab.out("pve01", service("strict", `/usr/local/sbin/say ${words}`));
    await lab.out("pve01", service("lenient", `-/usr/local/sbin/say ${words}`));
    expect((await lab.run("pve01", "systemctl start strict")).exitCode).toBe(1);
    expect(await lab.out("pve01", "cat /root/said")).toBe("8: 1 2 3 4 5 6 7 8\n");
    await lab.out("pve01", "systemctl start lenient");
  });

  it("shows drop-ins that somebody has written", async () => {
    await lab.out(
      "pve01",
      "mkdir -p /etc/systemd/system/pve-guests.service.d; printf '[Unit]\\nAfter=x\\n' >/etc/systemd/system/pve-guests.service.d/wait.conf; systemctl daemon-reload",
    );
    expect(await lab.out("pve01", "systemctl cat pve-guests")).toContain(
      "# /etc/systemd/system/pve-guests.service.d/wait.conf\n[Unit]\nAfter=x\n",
    );
  });

  it("takes /etc/pve away with pve-cluster, and brings it back", async () => {
    await lab.out("pve01", "systemctl stop pve-cluster");
    expect((await lab.run("pve01", "ls /etc/pve/storage.cfg")).exitCode).not.toBe(0);
    expect(await lab.run("pve01", "qm list")).toMatchObject({ exitCode: 111 });
    expect(lab.site.quorum.isQuorate("pve01")).toBe(false);
    await lab.out("pve01", "systemctl start pve-cluster");
    expect(await lab.out("pve01", "cat /etc/pve/storage.cfg")).toContain("dir: local");
    expect((await lab.run("pve01", "qm list")).exitCode).toBe(0);
  });

  it("fails to start pve-cluster where the node's name does not fit, and says which units failed", async () => {
    await lab.out("pve01", "sed -i 's/^192.*/127.0.1.1 pve01/' /etc/hosts");
    expect((await lab.run("pve01", "systemctl restart pve-cluster")).exitCode).toBe(1);
    expect(await lab.out("pve01", "systemctl list-units --failed --no-legend --plain")).toContain(
      "pve-cluster.service loaded failed failed",
    );
  });
});

describe("the HA manager's units", () => {
  beforeEach(async () => {
    lab = await clusterOfTwo();
    lab.site.start();
    await lab.advance(30);
  });
  afterEach(() => lab.site.stop());

  it("are its daemons", async () => {
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(true);
    await lab.out("pve01", "systemctl stop pve-ha-lrm");
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(false);
    await lab.out("pve01", "systemctl start pve-ha-lrm");
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(true);
  });

  it("take the machine with them where the watchdog's multiplexer is stopped under them", async () => {
    lab.state.haMemory ??= { nodes: {} };
    const { bootedAt } = lab.site.host("pve01");
    const memory = lab.state.haMemory.nodes.pve01;
    if (memory) memory.watchdog.clients = { lrm: lab.clock.now() } as never;
    await lab.out("pve01", "systemctl stop watchdog-mux");
    await lab.advance(80);
    expect(lab.site.host("pve01").bootedAt).toBeGreaterThan(bootedAt);
    expect(lab.site.hardware.isOn("pve01")).toBe(true);
  });
});

describe("a machine that goes down", () => {
  it("is another one when it is back", async () => {
    lab = await freshHosts();
    lab.site.host("nas").traits = { bootMs: 600_000 };
    const before = await lab.out("nas", "cat /proc/sys/kernel/random/boot_id");
    await lab.out("nas", "shutdown -r now");
    await lab.advance(500);
    expect(lab.site.hardware.canReach("pve01", "nas")).toBe(false);
    await lab.advance(110);
    expect(await lab.out("nas", "cat /proc/sys/kernel/random/boot_id")).not.toBe(before);
    expect(await lab.out("pve01", `ping -c 1 ${ADDRESS.nas} >/dev/null && echo there`)).toBe(
      "there\n",
    );
    await lab.out("nas", "poweroff");
    await lab.advance(700);
    expect(lab.site.hardware.isOn("nas")).toBe(false);
  });
});
