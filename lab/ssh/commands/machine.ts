import { hostTraits } from "../../node/hostTraits";
import { cpuOf, memoryOf } from "../../node/machine";
import { type Commands, fail, ok } from "../command";
import { flockCommands } from "./flock";
import { journalCommands } from "./journal";
import { linkCommands } from "./links";
import { lockCommands } from "./locks";
import { mountCommands } from "./mounts";
import { reachCommands } from "./reach";
import { spaceCommands } from "./space";
import { columns, human } from "./table";
import { hostNow, strftime, timeCommands } from "./time";
import { timeoutCommands } from "./timeout";
import { toolCommands } from "./tools";

/** What Debian tells of the machine that it runs on. */
export const machineCommands: Commands = {
  ...flockCommands,
  ...journalCommands,
  ...linkCommands,
  ...lockCommands,
  ...mountCommands,
  ...reachCommands,
  ...spaceCommands,
  ...timeCommands,
  ...timeoutCommands,
  ...toolCommands,
  free: (args, { site, host }) => {
    const { total, used, free, available } = memoryOf(site, host);
    const flags = args.join("");
    const unit =
      { b: 1, m: 1024 ** 2, g: 1024 ** 3 }[/-(?:-bytes)?([bmg])/.exec(flags)?.[1] ?? ""] ?? 1024;
    const size = (bytes: number): string =>
      /-h|human/.test(flags) ? human(bytes, "i") : String(Math.floor(bytes / unit));
    const head = ["", "total", "used", "free", "shared", "buff/cache", "available"];
    const memory = ["Mem:", ...[total, used, free, 0, available - free, available].map(size)];
    const swap = ["Swap:", ...[0, 0, 0].map(size), "", "", ""];
    return ok(
      columns(
        [head, memory, swap].map((row) =>
          row.map((cell, i) => (i === 0 ? cell : cell.padStart(11))),
        ),
        [1, 2, 3, 4, 5, 6],
      ),
    );
  },
  uptime: (args, { site, host }) => {
    const seconds = Math.floor((site.clock.now() - host.bootedAt) / 1000);
    if (args.includes("-s"))
      return ok(`${strftime(hostNow(site, host) - seconds * 1000, "%F %T")}\n`);
    const days = Math.floor(seconds / 86_400);
    const hours = Math.floor((seconds % 86_400) / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    if (args.includes("-p")) {
      const parts = [`${days} days`, `${hours} hours`, `${minutes} minutes`];
      return ok(`up ${parts.filter((part) => !part.startsWith("0 ")).join(", ")}\n`);
    }
    const day = days > 0 ? `${days} day${days > 1 ? "s" : ""}, ` : "";
    const clock = hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : `${minutes} min`;
    return ok(
      ` ${strftime(hostNow(site, host), "%T")} up ${day}${clock},  1 user,  load average: 0.08, 0.05, 0.01\n`,
    );
  },
  lscpu: (_args, { host }) => {
    const { count, model, vendor, extension } = cpuOf(host);
    const { virtualization } = hostTraits(host);
    const kind = extension === "vmx" ? "VT-x" : "AMD-V";
    const rows = [
      ["Architecture:", "x86_64"],
      ["CPU op-mode(s):", "32-bit, 64-bit"],
      ["CPU(s):", String(count)],
      ["Vendor ID:", vendor],
      ["Model name:", model],
      ...(virtualization ? [["Virtualization:", kind]] : []),
    ];
    return ok(rows.map(([key = "", value = ""]) => `${key.padEnd(25)}${value}\n`).join(""));
  },
  hostnamectl: (args, { host }) => {
    if (args[0] === "hostname" || args.includes("--static")) return ok(`${host.name}\n`);
    if (args[0]?.startsWith("set-")) return fail("the lab's hosts keep their names");
    return ok(
      ` Static hostname: ${host.name}\n       Icon name: computer-desktop\n         Chassis: desktop\nOperating System: Debian GNU/Linux 13 (trixie)\n    Architecture: x86-64\n`,
    );
  },
  /** None: the site's hosts are hardware. */
  "systemd-detect-virt": (args) =>
    args.some((arg) => /^-\w*q/.test(arg)) ? fail("") : { ...ok("none\n"), exitCode: 1 },
};
