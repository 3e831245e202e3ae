import type { Fragment } from "./fragment";

const UNIT = "proxmox-ha-copy-usb";

/** The lab of the whole model has one NAS, so the copy goes to the disk of a node. */
export const copies: Fragment = {
  created: {
    copies: { usb: { from: "Backup", to: "local", node: "pve02", schedule: "06:00" } },
  },
  changed: {
    copies: {
      usb: { schedule: "*/30", retention: { last: 1 }, bandwidth: "5 MiB/s", maxAge: "1w" },
    },
  },
  check(step, lab) {
    const files = lab.ssh("pve02", `cat /etc/systemd/system/${UNIT}.*; ls /usr/local/sbin`);
    if (step === "removed") {
      expect(files).not.toContain(`${UNIT}\n`);
      expect(lab.ssh("pve02", "pvesm list local --content backup")).toContain("vzdump-lxc-102-");
      return Promise.resolve();
    }
    const told = {
      created: ["OnCalendar=06:00", "--keep-last 3"],
      changed: ["OnCalendar=*:0/30", "Backup local pve02 5120 --keep-last 1\n"],
    }[step];
    for (const text of told) expect(files).toContain(text);
    lab.out("pve02", "vzdump 102 --storage Backup --compress zstd");
    lab.out("pve02", `systemctl start ${UNIT}.service || { journalctl -u ${UNIT}; false; }`);
    const newest = (storage: string): string =>
      lab
        .out("pve02", `pvesm list ${storage} --content backup`)
        .split("\n")
        .flatMap((line) => /vzdump-lxc-102-\S+/.exec(line)?.[0] ?? [])
        .sort()
        .at(-1) ?? "none";
    expect(newest("local")).toBe(newest("Backup"));
    return Promise.resolve();
  },
};
