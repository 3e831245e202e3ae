import { spawnSync } from "node:child_process";
import { OpsError } from "../../../ops/errors";
import { preseed } from "../../../ops/installer/preseed";
import { HASH, machine } from "./support";

/** What an installer reads: owner and question with its type → answer, continued lines joined. */
function questions(text: string): Map<string, string> {
  const lines = text.replace(/\s*\\\n\s*/g, " ").split("\n");
  return new Map(
    lines
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const [, question = "", answer = ""] = /^\S+ (\S+ \S+) ?(.*)$/.exec(line) ?? [];
        return [question, answer];
      }),
  );
}

const ask = (question: string, ...changes: Parameters<typeof machine>): string | undefined =>
  questions(preseed(machine(...changes), HASH)).get(question);

const RECIPE = "partman-auto/expert_recipe string";
const ARRAYS = "partman-auto-raid/recipe string";
const LATE = "preseed/late_command string";

describe("the preseed", () => {
  it.each([
    ["as the reference site has it", {}],
    ["with NVMe disks, three of them", { disks: ["nvme0n1", "nvme1n1", "nvme2n1"] }],
    ["without swap", { swapSize: "0 MiB" }],
  ])("passes Debian's own checker %s", (_what, changes) => {
    const { error, status, stderr } = spawnSync("debconf-set-selections", ["-c"], {
      input: preseed(machine(changes), HASH),
      encoding: "utf8",
    });
    if (error)
      throw new Error(
        `debconf-set-selections does not run; install the package debconf: ${error.message}`,
      );
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("says nothing twice", () => {
    const text = preseed(machine(), HASH).replace(/\s*\\\n\s*/g, " ");
    const lines = text.split("\n").filter((line) => /^\S+ \S+\/\S+ /.test(line));
    expect(lines.length).toBeGreaterThan(40);
    expect(questions(text).size).toBe(lines.length);
  });

  it.each([
    ["netcfg/choose_interface select", "enp3s0"],
    ["netcfg/disable_autoconfig boolean", "true"],
    ["netcfg/get_ipaddress string", "192.168.18.251"],
    ["netcfg/get_netmask string", "255.255.255.0"],
    ["netcfg/get_gateway string", "192.168.18.1"],
    ["netcfg/get_nameservers string", "192.168.18.2"],
    ["netcfg/get_hostname string", "pve01"],
    ["netcfg/get_domain string", "example.org"],
    ["debian-installer/country string", "AT"],
    ["keyboard-configuration/xkb-keymap select", "de"],
    ["time/zone string", "Europe/Vienna"],
    ["passwd/root-password-crypted password", HASH],
    ["passwd/make-user boolean", "false"],
    ["grub-installer/with_other_os boolean", "false"],
    ["apt-setup/disable-cdrom-entries boolean", "true"],
  ])("answers %s from the site file, or as Proxmox VE needs it: %s", (question, answer) => {
    expect(ask(question)).toBe(answer);
  });

  it.each([
    ["en-us", "us"],
    ["fr-ch", "ch(fr)"],
    ["no", "no"],
  ])("calls the keyboard %s as Debian does: %s", (keyboard, keymap) => {
    expect(ask("keyboard-configuration/xkb-keymap select", {}, { keyboard })).toBe(keymap);
  });

  it("mirrors /boot, / and swap over both disks, in the sizes of the site file, and leaves the rest free", () => {
    expect(ask("partman-auto/method string")).toBe("raid");
    expect(ask("partman-auto/disk string")).toBe("/dev/sda /dev/sdb");
    const sizes = [
      ...(ask(RECIPE) ?? "").matchAll(/(\d+) (\d+) (-?\d+) raid .*?raidid\{ (\d) \}/g),
    ];
    // MB: 1 GiB, 50 GiB and 2 GiB. Smallest, wanted and largest size are one, or partman would fill the disk.
    expect(sizes.map(([, min, wanted, max, id]) => [min, wanted, max, id])).toEqual([
      ["1074", "1074", "1074", "1"],
      ["53688", "53688", "53688", "2"],
      ["2148", "2148", "2148", "3"],
    ]);
    expect(ask(ARRAYS)).toBe(
      "1 2 0 ext4 /boot raidid=1 . 1 2 0 ext4 / raidid=2 . 1 2 0 swap - raidid=3 .",
    );
  });

  it("mirrors over three disks as well, and makes no swap where none is wanted", () => {
    const changes = { disks: ["sda", "sdb", "sdc"], swapSize: "0 MiB" };
    expect(ask(ARRAYS, changes)).toBe("1 3 0 ext4 /boot raidid=1 . 1 3 0 ext4 / raidid=2 .");
    expect(ask(RECIPE, changes)).not.toContain("raidid{ 3 }");
  });

  it("puts GRUB on every disk: for BIOS, and for UEFI on each disk's own partition", () => {
    const changes = { disks: ["sda", "nvme0n1", "sdc"] };
    expect(ask("grub-installer/bootdev string", changes)).toBe("/dev/sda /dev/nvme0n1 /dev/sdc");
    expect(ask(RECIPE, changes)).toMatch(
      /^mirrored :: 1 1 1 free .*method\{ biosgrub \} \. 512 512 512 free .*method\{ efi \}/,
    );
    // The first disk's is the installer's own work.
    expect(ask(LATE, changes)).toContain("for part in /dev/nvme0n1p2 /dev/sdc2; do");
  });

  it("ends with every key of the site file as root's, in commands that a shell reads", () => {
    const sshKeys = ["ssh-ed25519 AAAA admin@pc", "sk-ssh-ed25519@openssh.com BBBB= a b $HOME"];
    const command = ask(LATE, {}, { sshKeys }) ?? "";
    for (const key of sshKeys) {
      expect(command).toContain(`echo '${key}' >> /target/root/.ssh/authorized_keys;`);
    }
    expect(spawnSync("sh", ["-n", "-c", command])).toMatchObject({ status: 0 });
  });

  it.each([
    [
      { disks: ["sda"] },
      "site.nodes.pve01.installation.disks names one disk; RAID 1 needs two. Name the second, as in disks: [sda, sdb].",
    ],
    [
      { rootSize: undefined },
      "site.nodes.pve01.installation.rootSize is missing: how large / is to be, as in rootSize: 50 GiB.",
    ],
  ])("is refused for %j", (changes, message) => {
    const make = () => preseed(machine(changes), HASH);
    expect(make).toThrow(OpsError);
    expect(make).toThrow(message);
  });
});
