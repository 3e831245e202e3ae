import { createHash } from "node:crypto";
import { packageVariables } from "../../components/cluster/packages";
import { commandLine, readScript } from "../../components/scriptText";
import { preseed } from "../../ops/installer/preseed";
import { Site } from "../lab/takeover/support/takeover";
import { HASH, machine } from "../ops/installer/support";
import { DebianRoot, type Ended } from "./support/root";

/** Scripts of ours, as far as they touch Debian alone, on a real Debian 13 and on the lab's: both end the same. */

// Seconds that a mirror may take at most.
jest.setTimeout(300_000);

let root: DebianRoot;
let lab: Site;
beforeAll(async () => {
  root = DebianRoot.make();
  lab = await Site.fresh();
  // The kernel's name for this machine is not pve01; everything else is the root's own.
  root.write(
    "/usr/local/bin/hostname",
    "#!/bin/sh\ngetent ahostsv4 pve01 | sed -n '1s/ .*//p'\n",
    0o755,
  );
});
afterAll(() => root?.remove());

const KEYRING = "/usr/share/keyrings/proxmox-archive-keyring.gpg";
const SOURCES = "/etc/apt/sources.list.d";

/** Files of the lab's host, which the real one gets before. */
function same(paths: string[]): void {
  for (const path of paths) {
    const file = lab.site.host("pve01").files[path];
    if (file) root.write(path, file.content, file.mode);
  }
}

function inRoot(script: string, parts: string[], variables: Record<string, string>): Ended {
  const text = readScript(script, parts)({ HOST: "pve01", ...variables });
  return root.run(["bash", "-c", commandLine(script, "apply")], text);
}

async function inLab(script: string, parts: string[], variables: Record<string, string>) {
  const text = readScript(script, parts)({ HOST: "pve01", ...variables });
  return lab.run("pve01", commandLine(script, "apply"), text);
}

const ofLab = (path: string): string | undefined => {
  const file = lab.site.host("pve01").files[path];
  return file && `${file.mode.toString(8)}\n${file.content}`;
};

describe("preparing a bare Debian", () => {
  const PARTS = ["cluster/parts/bare", "cluster/parts/packages"];
  const HOSTS = "192.168.18.251 pve01\n192.168.18.100 pve02\n192.168.18.200 nas";
  const WRITTEN = ["/etc/hosts", `${SOURCES}/proxmox.sources`, KEYRING];
  const told = { ADDRESS: "192.168.18.251", HOSTS, ...packageVariables(9, "no-subscription") };
  const content = "lab: stands for proxmox-archive-keyring-trixie.gpg\n";
  /** The same file by another way, and its real checksum. */
  const prepared = {
    ...told,
    KEYRING_URL: "copy:///srv/keyring",
    KEYRING_SHA256: createHash("sha256").update(content).digest("hex"),
  };

  it("does nothing before the host's address is set for good", () => {
    root.write("/etc/network/interfaces", "iface eno1 inet dhcp\n");
    const { code, stderr } = inRoot("cluster/prepare", PARTS, prepared);
    expect(stderr).toContain("failed: /etc/network/interfaces does not set 192.168.18.251\n");
    expect(code).toBe(1);
    expect(root.read("/var/lib/proxmox-ha/installing")).toBeUndefined();
  });

  it("trusts no keyring but the one that it knows", () => {
    same(["/etc/hosts", "/etc/network/interfaces"]);
    root.write("/srv/keyring", "another\n");
    const { code, stderr } = inRoot("cluster/prepare", PARTS, prepared);
    expect(stderr).toMatch(/failed: the keyring from copy:\S+ has the sha256 [0-9a-f]{64}, not /);
    expect(code).toBe(1);
    expect(root.read(KEYRING)).toBeUndefined();
    expect(root.read(`${SOURCES}/proxmox.sources`)).toBeUndefined();
  });

  it("leaves the same hosts file, source, keyring and answers as in the lab", async () => {
    const debian = root.read("/etc/apt/sources.list");
    same(["/etc/hosts", "/etc/network/interfaces"]);
    root.write("/srv/keyring", content);
    const [types = "", ...lines] = (packageVariables(9, "enterprise").REPOSITORY ?? "").split("\n");
    const enterprise = `${SOURCES}/pve-enterprise.sources`;
    root.write(enterprise, `${[types, ...lines].join("\n")}\n`);
    // Here Proxmox's packages cannot be had, or are not signed with what stands for their key.
    const { code, stderr } = inRoot("cluster/prepare", PARTS, prepared);
    expect(stderr).toContain(
      "step cluster-prepare failed: reading package lists did not succeed\n",
    );
    expect(code).toBe(1);
    expect(await inLab("cluster/prepare", PARTS, told)).toMatchObject({ exitCode: 0 });
    for (const path of WRITTEN) expect([path, root.read(path)]).toEqual([path, ofLab(path)]);
    const { stdout } = root.run(["debconf-show", "postfix"]);
    const answers = await lab.out("pve01", "debconf-show postfix");
    expect(stdout.split("\n").sort()).toEqual(answers.split("\n").sort());
    expect(root.run(["getent", "hosts", "pve01"]).stdout).toMatch(
      /^192\.168\.18\.251 +pve01\.lan pve01\n$/,
    );
    expect(root.read("/etc/apt/sources.list")).toBe(debian);
    expect(root.read(enterprise)).toBe(`644\n${[types, "Enabled: no", ...lines].join("\n")}\n`);
    // What apt reads of it.
    const read = root.run(["apt-get", "update", "--print-uris"]).stdout;
    expect(read).toContain("'http://download.proxmox.com/debian/pve/dists/trixie/InRelease'");
    expect(read).not.toContain("enterprise");
  });
});

/** Scripts that are the same on any Debian, and the files that they leave. */
const SCRIPTS: [script: string, variables: Record<string, string>, files: string[]][] = [
  [
    "cluster/trust",
    {
      AUTHORIZED_KEYS: "ssh-rsa AAAA1 root@pve01\nssh-rsa AAAA2 root@pve02",
      KNOWN_HOSTS:
        "192.168.18.251,pve01 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILk3G2p/hTEOki50WNfGxGnvh+XX080yc0H8JNsg8HAQ",
      WITNESS_OF: "",
      NODES: "",
      KEEP_KEY: "",
    },
    ["/root/.ssh/authorized_keys", "/root/.ssh/known_hosts"],
  ],
  ["backup/vzdump", {}, ["/etc/vzdump.conf"]],
];

describe("on a real Debian as in the lab", () => {
  it.each(SCRIPTS)(
    "%s leaves the same files, and changes nothing twice",
    async (script, variables, files) => {
      same(files);
      expect(await inLab(script, [], variables)).toMatchObject({ exitCode: 0 });
      const first = inRoot(script, [], variables);
      expect([first.code, first.stderr]).toEqual([0, expect.stringContaining("pve01: ")]);
      const left = files.map((path) => [path, root.read(path)]);
      expect(left).toEqual(files.map((path) => [path, ofLab(path)]));
      expect(inRoot(script, [], variables).code).toBe(0);
      expect(files.map((path) => [path, root.read(path)])).toEqual(left);
    },
  );
});

describe("the preseed", () => {
  it.each([
    ["as the reference site has it", {}],
    ["with NVMe disks, three of them", { disks: ["nvme0n1", "nvme1n1", "nvme2n1"] }],
    ["without swap", { swapSize: "0 MiB" }],
  ])("passes the checker of Debian 13 %s", (_what, changes) => {
    const checked = root.run(["debconf-set-selections", "-c"], preseed(machine(changes), HASH));
    expect(checked).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("would be told of a type that debconf does not know", () => {
    const checked = root.run(["debconf-set-selections", "-c"], "d-i passwd/x boolian true\n");
    expect(checked.stderr).toBe("warning: Unknown type boolian, skipping line 1\n");
  });
});
