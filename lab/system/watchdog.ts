import { hostTraits } from "../node/hostTraits";
import type { HostState } from "../state/types";

/** Kernel modules of watchdogs, and what their devices call themselves (drivers/watchdog of Linux). */
const IDENTITIES: Readonly<Record<string, string>> = {
  softdog: "Software Watchdog",
  hpwdt: "HPE iLO2+ HW Watchdog Timer",
  i6300esb: "i6300ESB timer",
  iTCO_wdt: "iTCO_wdt",
  ipmi_watchdog: "IPMI",
  sp5100_tco: "SP5100 TCO timer",
};
/** The one that is no part of the kernel's watchdog class: it has a device, and nothing in /sys/class/watchdog. */
const WITHOUT_CLASS = "ipmi_watchdog";
const USUAL = "softdog";
const CONFIGURATION = "/etc/default/pve-ha-manager";

export const isWatchdogModule = (name: string): boolean => name in IDENTITIES;

/** Modules that are loaded, the first with hardware of its own at /dev/watchdog. */
export function watchdogModules(host: HostState): string[] {
  return host.watchdogs ?? (host.packages.includes("pve-ha-manager") ? [USUAL] : []);
}

/** Module behind /dev/watchdog. */
export function watchdogDriver(host: HostState): string | undefined {
  const { watchdogs } = hostTraits(host);
  return watchdogModules(host).find((name) => name === USUAL || watchdogs.includes(name));
}

/** What watchdog-mux does first: it loads the configured module where there is no device, and opens the device. */
export function openWatchdog(host: HostState): boolean {
  const module = configured(host);
  if (watchdogDriver(host) === undefined) loadWatchdog(host, module);
  return watchdogDriver(host) !== undefined;
}

/** False: the kernel has no such module. */
export function loadWatchdog(host: HostState, name: string): boolean {
  if (!isWatchdogModule(name)) return false;
  const modules = watchdogModules(host);
  host.watchdogs = modules.includes(name) ? modules : [...modules, name];
  return true;
}

/** False: somebody has its device open. */
export function unloadWatchdog(host: HostState, name: string): boolean {
  if (watchdogDriver(host) === name && host.services.includes("watchdog-mux")) return false;
  host.watchdogs = watchdogModules(host).filter((other) => other !== name);
  return true;
}

/** Files of the kernel. */
export function watchdogFiles(host: HostState): [string, string][] {
  const driver = watchdogDriver(host);
  const inUse = host.services.includes("watchdog-mux");
  return [
    ...watchdogModules(host).map((name): [string, string] => [
      `/sys/module/${name}/refcnt`,
      `${name === driver && inUse ? 1 : 0}\n`,
    ]),
    ...(driver === undefined ? [] : ([["/dev/watchdog", ""]] satisfies [string, string][])),
    ...(driver === undefined || driver === WITHOUT_CLASS
      ? []
      : ([["/sys/class/watchdog/watchdog0/identity", `${IDENTITIES[driver]}\n`]] satisfies [
          string,
          string,
        ][])),
  ];
}

function configured({ files }: HostState): string {
  const lines = files[CONFIGURATION]?.content.matchAll(/^ *WATCHDOG_MODULE=["']?([^"'\s]*)/gm);
  return [...(lines ?? [])].at(-1)?.[1] ?? USUAL;
}
