import type { ExecResult } from "just-bash";
import type { HostState } from "../../state/types";
import { grubLines, kernelsOf, runningKernel } from "../../system/kernels";
import { type CommandContext, type Commands, fail, ok } from "../command";

type Down = NonNullable<HostState["goingDown"]>;

/** The system begins to go down; whoever is logged in is cut off when it is. */
export function goDown({ site, host }: CommandContext, kind: Down): ExecResult {
  site.machines.shutDown(host.name, kind);
  return ok();
}

/** Power and kernels of the machine. */
export const powerCommands: Commands = {
  reboot: (_args, context) => goDown(context, "reboot"),
  poweroff: (_args, context) => goDown(context, "shutdown"),
  halt: (_args, context) => goDown(context, "shutdown"),
  shutdown: (args, context) => {
    const flags = args.filter((arg) => /^-[a-zA-Z]/.test(arg)).join("");
    const [when = "+1"] = args.filter((arg) => !arg.startsWith("-"));
    if (flags.includes("c")) return ok();
    const minutes = when === "now" ? 0 : Number(/^\+?(\d+)$/.exec(when)?.[1] ?? Number.NaN);
    if (Number.isNaN(minutes)) return fail(`Failed to parse time specification: ${when}`);
    const kind = flags.includes("r") ? "reboot" : "shutdown";
    const { site, host } = context;
    if (minutes === 0) return goDown(context, kind);
    const { bootedAt } = host;
    site.clock.after(minutes * 60_000, () => {
      if (host.power && host.bootedAt === bootedAt) site.machines.shutDown(host.name, kind);
    });
    return {
      ...ok(),
      stderr: `${kind === "reboot" ? "Reboot" : "Shutdown"} scheduled, use 'shutdown -c' to cancel.\n`,
    };
  },
  uname: (args, { host }) => {
    const release = runningKernel(host);
    const version = release.endsWith("-pve")
      ? "#1 SMP PREEMPT_DYNAMIC PMX"
      : "#1 SMP PREEMPT_DYNAMIC Debian";
    const parts: Record<string, string> = {
      s: "Linux",
      n: host.name,
      r: release,
      v: version,
      m: "x86_64",
      o: "GNU/Linux",
    };
    const flags = args.join("").replace(/-/g, "");
    const letters = flags === "" ? "s" : flags.includes("a") ? "snrvmo" : flags;
    return ok(
      `${Object.keys(parts)
        .filter((one) => letters.includes(one))
        .map((one) => parts[one])
        .join(" ")}\n`,
    );
  },
  "update-grub": (_args, { host }) => ({ ...ok(), stderr: grubLines(host) }),
  "update-initramfs": (_args, { host }) =>
    ok(`update-initramfs: Generating /boot/initrd.img-${kernelsOf(host)[0] ?? ""}\n`),
  "linux-version": (_args, { host }) =>
    ok(
      kernelsOf(host)
        .reverse()
        .map((kernel) => `${kernel}\n`)
        .join(""),
    ),
  "proxmox-boot-tool": ([verb = "", action = ""], { host }) =>
    verb === "kernel" && action === "list"
      ? ok(
          `Manually selected kernels:\nNone.\n\nAutomatically selected kernels:\n${kernelsOf(host)
            .map((kernel) => `${kernel}\n`)
            .join("")}`,
        )
      : fail(
          "Re-executing '/usr/sbin/proxmox-boot-tool' in new private mount namespace..\nE: /etc/kernel/proxmox-boot-uuids does not exist.",
        ),
};
