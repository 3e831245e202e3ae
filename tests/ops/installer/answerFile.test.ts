import { parse } from "smol-toml";
import { answerFile } from "../../../ops/installer/answerFile";
import { answerKeys } from "../../../ops/installer/answerKeys";
import { OpsError } from "../../../ops/errors";
import { HASH, machine } from "./support";

const answers = (...changes: Parameters<typeof machine>): unknown =>
  parse(answerFile(machine(...changes), HASH));

describe("the answer file", () => {
  it("answers every question of Proxmox VE's installer from the site file", () => {
    expect(answers()).toEqual({
      global: {
        keyboard: "de",
        country: "at",
        fqdn: "pve01.example.org",
        mailto: "admin@example.org",
        timezone: "Europe/Vienna",
        "root-password-hashed": HASH,
        "root-ssh-keys": ["ssh-ed25519 AAAAC3Nz admin@pc"],
        "reboot-mode": "reboot",
        "reboot-on-error": false,
      },
      network: {
        source: "from-answer",
        cidr: "192.168.18.251/24",
        dns: "192.168.18.2",
        gateway: "192.168.18.1",
        filter: { ID_NET_NAME: "enp3s0" },
      },
      "disk-setup": { filesystem: "zfs", "disk-list": ["sda", "sdb"], zfs: { raid: "raid1" } },
    });
  });

  it("begins with what it does to the machine", () => {
    expect(answerFile(machine(), HASH)).toMatch(
      /^# Installs Proxmox VE on pve01 without a question, and erases sda, sdb\.\n\[global\]\n/,
    );
  });

  it.each([
    ["btrfs", ["sda", "sdb", "sdc"], { btrfs: { raid: "raid1" } }],
    ["zfs", ["nvme0n1", "nvme1n1"], { zfs: { raid: "raid1" } }],
    ["ext4", ["sda"], { lvm: { maxroot: 50, swapsize: 2 } }],
    ["xfs", ["sda"], { lvm: { maxroot: 50, swapsize: 2 } }],
  ])("divides disks with %s", (filesystem, disks, options) => {
    expect(answers({ filesystem, disks })).toMatchObject({
      "disk-setup": { filesystem, "disk-list": disks, ...options },
    });
  });

  it("takes ext4 for a single disk, and the installer's own size for / where none is given", () => {
    expect(answers({ disks: ["sda"], rootSize: undefined, swapSize: "512 MiB" })).toMatchObject({
      "disk-setup": { filesystem: "ext4", "disk-list": ["sda"], lvm: { swapsize: 0.5 } },
    });
  });

  it.each(["zfs", "btrfs"])("is refused for one disk that %s is to mirror", (filesystem) => {
    const make = () => answerFile(machine({ filesystem, disks: ["sda"] }), HASH);
    expect(make).toThrow(OpsError);
    expect(make).toThrow(
      `site.nodes.pve01.installation.disks names one disk, and ${filesystem} is to mirror two. Name the second, as in ` +
        "disks: [sda, sdb], or write filesystem: ext4 to go without a mirror.",
    );
  });

  it.each(["ext4", "xfs"])(
    "is refused for %s on two disks, with the ways to a mirror",
    (filesystem) => {
      expect(() => answerFile(machine({ filesystem }), HASH)).toThrow(
        `site.nodes.pve01.installation names 2 disks, but Proxmox VE's installer puts ${filesystem} on one only: it has no ` +
          "RAID by mdadm. Write filesystem: zfs for a mirror, or install Debian with RAID 1: npm run -s ops -- preseed pve01",
      );
    },
  );

  it("is refused when the installer would refuse it, and does not repeat the hash", () => {
    const make = () => answerFile({ ...machine(), name: "1234" }, "plain text");
    expect(make).toThrow(/^Proxmox VE's installer would refuse this answer file:\n/);
    expect(make).toThrow("  global.fqdn: the host's name is a number");
    expect(make).toThrow("  global.root-password-hashed: ");
    expect(make).not.toThrow("plain text");
  });
});

describe("the table of the installer's keys", () => {
  type Sections = Record<string, Record<string, unknown>>;
  const problems = (change: (answer: Sections) => void): string[] => {
    const answer = answers() as Sections;
    change(answer);
    return (answerKeys.safeParse(answer).error?.issues ?? []).map(({ path }) => path.join("."));
  };
  const set =
    (section: string, key: string, value: unknown) =>
    (answer: Sections): void => {
      answer[section] = { ...answer[section], [key]: value };
      if (value === undefined) delete answer[section][key];
    };

  it("takes what is written", () => {
    expect(problems(() => {})).toEqual([]);
  });

  it.each([
    ["global", "keyboard", "qwertz"],
    ["global", "country", "AT"],
    ["global", "fqdn", "pve01"],
    ["global", "fqdn", "pve01."],
    ["global", "mailto", "root"],
    ["global", "root-ssh-keys", "ssh-ed25519 AAAA"],
    ["global", "root-password-hashed", undefined],
    ["global", "root-password-hashed", "secret"],
    ["global", "reboot-on-error", "no"],
    ["network", "cidr", "192.168.18.251/33"],
    ["network", "gateway", undefined],
    ["network", "filter", undefined],
    ["disk-setup", "disk-list", ["sda", "sda"]],
    ["disk-setup", "disk-list", ["sda"]],
    ["disk-setup", "zfs", { raid: "raid5" }],
    ["disk-setup", "filesystem", "ntfs"],
  ])("refuses another value: %s.%s %j", (section, key, value) => {
    expect(problems(set(section, key, value)).join(" ")).toContain(`${section}.${key}`);
  });

  it.each(["global", "network", "disk-setup"])("refuses an unknown key in %s", (section) => {
    expect(problems(set(section, "extra", 1))).toEqual([section]);
  });

  it("refuses mdadm's kind of mirror: two disks with ext4", () => {
    const change = (answer: Sections): void => {
      answer["disk-setup"] = { filesystem: "ext4", "disk-list": ["sda", "sdb"] };
    };
    expect(problems(change)).toEqual(["disk-setup.disk-list"]);
  });
});
