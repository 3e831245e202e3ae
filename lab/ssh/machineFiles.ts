import { CARDS } from "../network/files";
import { cardSpeed, hostTraits } from "../node/hostTraits";
import { linksOf } from "../node/links";
import { mountsOf } from "../node/mounts";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { bootId, kernelsOf, runningKernel } from "../system/kernels";
import { watchdogFiles } from "../system/watchdog";
import { cpuOf, memoryOf } from "../node/machine";

/** Files that the kernel shows below /proc, /sys and /dev, by path. */
export function machineFiles(site: Site, host: HostState): Map<string, string> {
  const { total, free, available } = memoryOf(site, host);
  const kib = (bytes: number): string => String(Math.floor(bytes / 1024)).padStart(8);
  const { count, model, mhz, vendor, extension } = cpuOf(host);
  const flags = `fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ht syscall nx lm${
    hostTraits(host).virtualization ? ` ${extension}` : ""
  } sse4_1 sse4_2 aes`;
  const processors = Array.from(
    { length: count },
    (_, index) =>
      `processor\t: ${index}\nvendor_id\t: ${vendor}\nmodel name\t: ${model}\ncpu MHz\t\t: ${mhz}\nflags\t\t: ${flags}\n\n`,
  );
  const kernels = kernelsOf(host);
  const uptime = Math.max(0, (site.clock.now() - host.bootedAt) / 1000);
  const mounts = mountsOf(site, host).map(
    ({ source, target, options }) => `${source} ${target} nfs4 ${options} 0 0\n`,
  );
  return new Map([
    ["/proc/cpuinfo", processors.join("")],
    [
      "/proc/meminfo",
      `MemTotal:       ${kib(total)} kB\nMemFree:        ${kib(free)} kB\nMemAvailable:   ${kib(available)} kB\n`,
    ],
    ["/proc/mounts", mounts.join("")],
    ["/proc/sys/kernel/osrelease", `${runningKernel(host)}\n`],
    ["/proc/sys/kernel/random/boot_id", `${bootId(host)}\n`],
    ["/proc/sys/kernel/nmi_watchdog", "1\n"],
    ["/proc/uptime", `${uptime.toFixed(2)} ${(uptime * count).toFixed(2)}\n`],
    ["/boot/grub/grub.cfg", kernels.map((kernel) => `menuentry '${kernel}'\n`).join("")],
    ...kernels.flatMap((kernel) => [
      [`/boot/vmlinuz-${kernel}`, ""] as const,
      [`/boot/initrd.img-${kernel}`, ""] as const,
    ]),
    ...watchdogFiles(host),
    ...(watchdogClients(site, host) ? [["/run/watchdog-mux.active", ""] as const] : []),
    // Without it there are no virtual machines, but containers.
    ...(hostTraits(host).virtualization && host.node ? [["/dev/kvm", ""] as const] : []),
    ...linksOf(site, host)
      .filter(({ name }) => name !== "lo")
      .flatMap(({ name, up, mac, master }) => [
        [`/sys/class/net/${name}/address`, `${mac}\n`] as const,
        [`/sys/class/net/${name}/duplex`, `${up ? hostTraits(host).duplex : "unknown"}\n`] as const,
        [`/sys/class/net/${name}/operstate`, `${up ? "up" : "down"}\n`] as const,
        [`/sys/class/net/${name}/speed`, `${up ? cardSpeed(host) : -1}\n`] as const,
        // Folders on a real host; scripts ask whether they are there.
        ...(CARDS.includes(name) ? [[`/sys/class/net/${name}/device`, ""] as const] : []),
        ...(master === undefined ? [] : [[`/sys/class/net/${master}/lower_${name}`, ""] as const]),
      ]),
  ]);
}

/** Whether an HA daemon of the host holds the watchdog; the multiplexer shows it by a folder, here a file. */
function watchdogClients(site: Site, { name }: HostState): boolean {
  const { clients = {} } = site.state.haMemory?.nodes[name]?.watchdog ?? {};
  return Object.keys(clients).length > 0;
}
