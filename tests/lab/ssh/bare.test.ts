import { freshState } from "../../../lab/state/initial";
import type { LabState } from "../../../lab/state/types";
import { Machines } from "../cluster/support/machines";
import { PASSWORD, START } from "../support/lab";

let state: LabState;
let lab: Machines;

beforeAll(async () => {
  let port = 20_000;
  state = await freshState({
    password: PASSWORD,
    authorizedKey: "ssh-ed25519 AAAA lab",
    nextPort: () => Promise.resolve(port++),
    now: START,
    layout: {
      bare: ["pve01"],
      extra: [{ name: "pve03", address: "192.168.18.102" }],
      without: ["pve02"],
    },
  });
});
beforeEach(() => {
  lab = new Machines(structuredClone(state));
});

const KEYRING =
  "wget -qO /usr/share/keyrings/proxmox-archive-keyring.gpg https://enterprise.proxmox.com/debian/proxmox-archive-keyring-trixie.gpg";
const SOURCE = `cat >/etc/apt/sources.list.d/proxmox.sources <<'END'
Types: deb
URIs: http://download.proxmox.com/debian/pve
Suites: trixie
Components: pve-no-subscription
Signed-By: /usr/share/keyrings/proxmox-archive-keyring.gpg
END`;
const HOSTS = "sed -i 's/^127.0.1.1.*/192.168.18.251 pve01.lan pve01/' /etc/hosts";
const INSTALL = "DEBIAN_FRONTEND=noninteractive apt-get install -y";

async function prepared(): Promise<void> {
  await lab.out("pve01", `${HOSTS}; ${KEYRING}; ${SOURCE}\napt-get update`);
}

async function reboot(): Promise<void> {
  await lab.out("pve01", "systemctl reboot");
  await lab.advance(70);
}

describe("a bare Debian", () => {
  it("has none of Proxmox VE", async () => {
    expect(await lab.run("pve01", "pvecm status")).toMatchObject({
      stderr: "bash: pvecm: command not found\n",
      exitCode: 127,
    });
    expect((await lab.run("pve01", "command -v pvesh qm")).exitCode).not.toBe(0);
    expect((await lab.run("pve01", "test -e /etc/pve")).exitCode).toBe(1);
    expect(await lab.out("pve01", "uname -r")).toBe("6.12.48+deb13-amd64\n");
    expect(await lab.out("pve01", "hostname --ip-address")).toBe("127.0.1.1\n");
    expect(await lab.out("pve01", "ip -br addr show eno1")).toContain("192.168.18.251/24");
    expect(await lab.run("pve01", `${INSTALL} proxmox-ve`)).toMatchObject({
      stderr: "E: Unable to locate package proxmox-ve\n",
      exitCode: 100,
    });
  });

  it("becomes a node on Proxmox's kernel, and loses Debian's", async () => {
    await prepared();
    await lab.out("pve01", `${INSTALL} proxmox-default-kernel`);
    expect(await lab.out("pve01", "uname -r; ls /boot")).toContain("vmlinuz-6.17.2-1-pve");
    await reboot();
    expect(await lab.out("pve01", "uname -r")).toBe("6.17.2-1-pve\n");
    const script = `${INSTALL} proxmox-ve postfix open-iscsi chrony >/dev/null 2>&1 && pvecm create site`;
    expect(await lab.out("pve01", script)).toContain("Restart corosync and cluster filesystem");
    expect(lab.site.quorum.isQuorate("pve01")).toBe(true);
    await lab.out("pve01", "apt-get purge -y linux-image-amd64 'linux-image-6.12*' os-prober");
    expect(await lab.out("pve01", "ls /boot | grep vmlinuz")).toBe("vmlinuz-6.17.2-1-pve\n");
    expect(await lab.data("pve01", "GET", "/cluster/status")).toHaveLength(2);
    expect(
      await lab.out("pve01", "dpkg -l systemd-timesyncd firmware-linux-free 2>&1 || true"),
    ).toBe(
      "dpkg-query: no packages found matching systemd-timesyncd\ndpkg-query: no packages found matching firmware-linux-free\n",
    );
    await reboot();
    expect(await lab.status("pve01", "Quorate")).toBe("Yes");
  });

  it("is no node while its name stands for 127.0.1.1", async () => {
    await lab.out("pve01", `${KEYRING}; ${SOURCE}\napt-get update`);
    const failed = await lab.run("pve01", `${INSTALL} proxmox-ve`);
    expect(failed.exitCode).toBe(100);
    expect(failed.stderr).toContain("Job for pve-cluster.service failed");
    expect(failed.stderr).toContain(
      "Errors were encountered while processing:\n pve-manager\n proxmox-ve\n",
    );
    expect(await lab.out("pve01", "journalctl -u pmxcfs")).toContain(
      "Unable to resolve node name 'pve01' to a non-loopback IP address",
    );
    expect(await lab.run("pve01", "pvecm nodes")).toMatchObject({ exitCode: 111 });
    await lab.out("pve01", `${HOSTS}; systemctl restart pve-cluster; dpkg --configure -a`);
    expect(await lab.out("pve01", "pvesh get /version --output-format json")).toContain("9.1");
  });

  it("gets the enterprise source with pve-manager, which lets nobody in", async () => {
    await prepared();
    await lab.out("pve01", `${INSTALL} proxmox-ve`);
    const update = await lab.run("pve01", "apt-get update");
    expect(update.exitCode).toBe(100);
    expect(update.stderr).toContain("pve/dists/trixie/InRelease  401  Unauthorized");
    await lab.out("pve01", "rm /etc/apt/sources.list.d/pve-enterprise.sources; apt-get update");
  });

  it("stays at GRUB's prompt without a kernel", async () => {
    await lab.out(
      "pve01",
      "echo 'linux-base linux-base/removing-running-kernel boolean false' | debconf-set-selections; apt-get purge -y linux-image-amd64 'linux-image-6.12*'",
    );
    await reboot();
    expect(lab.site.hardware.isOn("pve01")).toBe(false);
  });
});

describe("another node of the lab", () => {
  it("is there beside the others, and may be left out", async () => {
    expect(Object.keys(lab.state.hosts)).toEqual(["pve01", "pve03", "nas"]);
    expect(lab.state.hosts.pve03?.node).toBeDefined();
    expect(await lab.hosts.shellOf("pve03").exec("hostname -i", "")).toMatchObject({
      stdout: "192.168.18.102\n",
    });
  });
});
