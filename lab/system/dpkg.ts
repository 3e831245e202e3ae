import { releaseOf } from "../api/version";
import type { HostState } from "../state/types";
import { PACKAGES } from "./packageTable";

export interface DpkgState {
  /** Packages that are not of the newest version. */
  versions?: Record<string, string>;
  /** Packages that are not just installed; those of `config-files` are not among the host's packages. */
  states?: Record<string, "unpacked" | "half-configured" | "config-files">;
  /** Packages that came because another needs them. */
  auto?: string[];
  held?: string[];
  /** A run of dpkg was cut off. */
  interrupted?: true;
  /** Sources whose lists of packages are there, as `URI SUITE COMPONENT`; absent: what the installer has fetched. */
  lists?: string[];
  /** Answers to the packages' questions, by `OWNER QUESTION`. */
  debconf?: Record<string, { type: string; value: string }>;
  /** Configuration files of packages as they were brought, by path. */
  conffiles?: Record<string, string>;
}

export type Status = "installed" | "unpacked" | "half-configured" | "config-files";

export const dpkgOf = (host: HostState): DpkgState => (host.dpkg ??= {});

/** Undefined: dpkg knows nothing of it. */
export function statusOf(host: HostState, name: string): Status | undefined {
  const state = host.dpkg?.states?.[name];
  return state ?? (host.packages.includes(name) ? "installed" : undefined);
}

export const isInstalled = (host: HostState, name: string): boolean =>
  statusOf(host, name) === "installed";

/** `install ok installed`, as `${Status}` prints it. */
export function statusText(status: Status): string {
  return `${status === "config-files" ? "deinstall" : "install"} ok ${status}`;
}

/** The version that is installed, or would be. */
export function versionOf(host: HostState, name: string): string {
  return host.dpkg?.versions?.[name] ?? newestOf(host, name) ?? "1";
}

export function newestOf(host: HostState, name: string): string | undefined {
  return PACKAGES[name]?.version[releaseOf(host)];
}

/** All that dpkg knows of, in order. */
export function knownPackages(host: HostState): string[] {
  const removed = Object.keys(host.dpkg?.states ?? {});
  return [...new Set([...host.packages, ...removed])].sort();
}

/** Packages in a state that `dpkg --configure -a` has to bring to an end. */
export function unconfigured(host: HostState): string[] {
  return host.packages.filter((name) => statusOf(host, name) !== "installed");
}

export function setStatus(host: HostState, name: string, status: Status | undefined): void {
  const states = (dpkgOf(host).states ??= {});
  host.packages = host.packages.filter((other) => other !== name);
  if (status !== undefined && status !== "config-files") host.packages.push(name);
  if (status === undefined || status === "installed") delete states[name];
  else states[name] = status;
}

/** Names for a glob as apt and dpkg take it. */
export function globbed(pattern: string, names: readonly string[]): string[] {
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return names.filter((name) => new RegExp(`^${expression}$`).test(name));
}

export const isGlob = (text: string): boolean => /[*?[]/.test(text);
