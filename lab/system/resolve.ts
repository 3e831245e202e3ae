import { releaseOf } from "../api/version";
import type { HostState } from "../state/types";
import { dpkgOf, newestOf, statusOf, versionOf } from "./dpkg";
import { PACKAGES } from "./packageTable";
import { availableOrigins } from "./sources";

/** What a run of apt will do. Names in the order in which it is done. */
export interface Plan {
  install: string[];
  upgrade: string[];
  remove: string[];
  /** Of those removed, the ones whose configuration goes too. */
  purge: string[];
  /** Of those installed, the ones that nobody has named. */
  auto: string[];
  /** Installed for others that are gone. */
  unneeded: string[];
}

export interface Wanted {
  install?: string[];
  remove?: string[];
  upgrade?: "all" | "none";
  purge?: boolean;
  autoremove?: boolean;
}

export type Resolution = { plan: Plan } | { problem: string };

/** Whether the host's lists have it. */
export function isAvailable(host: HostState, name: string): boolean {
  const known = PACKAGES[name];
  return (
    known !== undefined &&
    newestOf(host, name) !== undefined &&
    availableOrigins(host).has(known.origin)
  );
}

const isThere = (host: HostState, name: string): boolean => {
  const status = statusOf(host, name);
  return status !== undefined && status !== "config-files";
};

/** The alternative that is there, else the first that can be had; undefined where the release needs none. */
function dependenciesOf(host: HostState, name: string): { text: string; choices: string[] }[] {
  return (PACKAGES[name]?.depends ?? [])
    .map((text) => ({ text, choices: text.split(" | ") }))
    .filter(({ choices }) =>
      choices.some((one) => PACKAGES[one]?.version[releaseOf(host)] !== undefined),
    );
}

export function resolvePackages(host: HostState, wanted: Wanted): Resolution {
  const install: string[] = [];
  const auto: string[] = [];
  const visit = (name: string, by?: string): string | undefined => {
    if (isThere(host, name) || install.includes(name)) return undefined;
    if (!isAvailable(host, name)) return by === undefined ? undefined : unmet(by, name);
    const problem = visitNeeds(name);
    if (problem !== undefined) return problem;
    install.push(name);
    if (by !== undefined) auto.push(name);
    return undefined;
  };
  const visitNeeds = (name: string): string | undefined => {
    for (const { choices } of dependenciesOf(host, name)) {
      if (choices.some((one) => isThere(host, one) || install.includes(one))) continue;
      const chosen = choices.find((one) => isAvailable(host, one)) ?? choices[0] ?? "";
      const problem = visit(chosen, name);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  for (const name of wanted.install ?? []) {
    const problem = visit(name);
    if (problem !== undefined) return { problem };
  }
  const held = dpkgOf(host).held ?? [];
  const named = new Set(wanted.install ?? []);
  const wantsNewer = (name: string): boolean =>
    !held.includes(name) &&
    (wanted.upgrade === "all" || named.has(name)) &&
    isUpgradable(host, name);
  // A newer version may need what the old one did not.
  for (const name of host.packages.filter(wantsNewer)) {
    const problem = visitNeeds(name);
    if (problem !== undefined) return { problem };
  }
  const remove = withDependents(
    host,
    [...(wanted.remove ?? []).filter((name) => isThere(host, name)), ...displaced(host, install)],
    install,
  );
  const upgrade = host.packages.filter((name) => !remove.includes(name) && wantsNewer(name));
  const unneeded = unneededAfter(host, install, remove);
  if (wanted.autoremove) remove.push(...unneeded);
  const config = (wanted.remove ?? []).filter((name) => statusOf(host, name) === "config-files");
  return {
    plan: {
      install,
      upgrade,
      remove,
      purge: wanted.purge ? [...remove, ...config] : [],
      auto,
      unneeded: wanted.autoremove ? [] : unneeded,
    },
  };
}

export function isUpgradable(host: HostState, name: string): boolean {
  return isAvailable(host, name) && versionOf(host, name) !== newestOf(host, name);
}

function unmet(by: string, name: string): string {
  return `The following packages have unmet dependencies:\n ${by} : Depends: ${name} but it is not installable\nE: Unable to correct problems, you have held broken packages.\n`;
}

/** What the newcomers do not go together with. */
function displaced(host: HostState, install: readonly string[]): string[] {
  return host.packages.filter((name) =>
    install.some(
      (other) =>
        PACKAGES[other]?.conflicts?.includes(name) || PACKAGES[name]?.conflicts?.includes(other),
    ),
  );
}

/** Those that are removed, and all that cannot be without them. */
function withDependents(
  host: HostState,
  gone: readonly string[],
  install: readonly string[],
): string[] {
  const result = [...new Set(gone)];
  for (const name of result) {
    for (const other of host.packages) {
      if (result.includes(other)) continue;
      const broken = dependenciesOf(host, other).some(
        ({ choices }) =>
          choices.includes(name) &&
          !choices.some(
            (one) => install.includes(one) || (isThere(host, one) && !result.includes(one)),
          ),
      );
      if (broken) result.push(other);
    }
  }
  // What depends goes before what it depends on.
  return result.reverse();
}

/** Packages that came for others, of which none is left. */
function unneededAfter(
  host: HostState,
  install: readonly string[],
  remove: readonly string[],
): string[] {
  const left = [...host.packages, ...install].filter((name) => !remove.includes(name));
  const needed = new Set(left.filter((name) => !dpkgOf(host).auto?.includes(name)));
  for (const name of needed) {
    for (const { choices } of dependenciesOf(host, name)) {
      const used = choices.filter((one) => left.includes(one));
      for (const one of used) needed.add(one);
    }
  }
  return host.packages.filter((name) => !needed.has(name) && !remove.includes(name));
}
