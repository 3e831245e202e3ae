import type { HostState } from "../../state/types";
import { suiteOf } from "../../node/standardRepositories";
import { releaseOf } from "../../api/version";
import { dpkgOf, globbed, isGlob, isInstalled, newestOf, versionOf } from "../../system/dpkg";
import { PACKAGES } from "../../system/packageTable";
import { isAvailable, isUpgradable } from "../../system/resolve";
import { originOf, readSources } from "../../system/sources";
import { type Command, type Commands, fail, ok } from "../command";

/** What apt knows, without changing anything. */
export const aptQueryCommands: Commands = {
  "apt-cache": (args, { host }) => {
    const [verb = "", ...names] = args.filter((arg) => !arg.startsWith("-"));
    const known = names.filter((name) => isKnown(host, name));
    switch (verb) {
      case "policy":
        return ok(
          names.length === 0 ? sourcesText(host) : known.map((name) => policy(host, name)).join(""),
        );
      case "madison":
        return ok(
          known
            .filter((name) => isAvailable(host, name))
            .map(
              (name) =>
                `${name.padStart(10)} | ${newestOf(host, name)} | ${sourceOf(host, name)}\n`,
            )
            .join(""),
        );
      case "show":
        if (known.length === 0) return fail("E: No packages found", 100);
        return ok(known.map((name) => described(host, name)).join("\n"));
      default:
        return fail(`E: Invalid operation ${verb}`, 100);
    }
  },
  "apt-mark": (args, { host, site }) => {
    const [verb = "", ...names] = args.filter((arg) => !arg.startsWith("-"));
    const state = dpkgOf(host);
    const without = (list: string[] = []): string[] => list.filter((name) => !names.includes(name));
    const lines = (list: readonly string[]): string => list.map((name) => `${name}\n`).join("");
    site.store.touch();
    switch (verb) {
      case "hold":
        state.held = [...without(state.held), ...names];
        return ok(names.map((name) => `${name} set on hold.\n`).join(""));
      case "unhold":
        state.held = without(state.held);
        return ok(names.map((name) => `Canceled hold on ${name}.\n`).join(""));
      case "showhold":
        return ok(lines(state.held ?? []));
      case "auto":
        state.auto = [...without(state.auto), ...names];
        return ok(names.map((name) => `${name} set to automatically installed.\n`).join(""));
      case "manual":
        state.auto = without(state.auto);
        return ok(names.map((name) => `${name} set to manually installed.\n`).join(""));
      case "showauto":
        return ok(lines(state.auto ?? []));
      case "showmanual":
        return ok(lines(host.packages.filter((name) => !state.auto?.includes(name)).sort()));
      default:
        return fail(`E: Invalid operation ${verb}`, 100);
    }
  },
};

/** `apt list [--installed | --upgradable] [PATTERN…]`. */
export const listCommand: Command = (args, { host }) => {
  const [, ...patterns] = args.filter((arg) => !arg.startsWith("-"));
  const all = Object.keys(PACKAGES).filter((name) => isKnown(host, name));
  const names = [...new Set([...all, ...host.packages])]
    .filter(
      (name) => patterns.length === 0 || patterns.some((one) => globbed(one, [name]).length > 0),
    )
    .filter((name) => !args.includes("--installed") || isInstalled(host, name))
    .filter((name) => !args.includes("--upgradable") || upgradable(host, name))
    .sort();
  const suite = suiteOf(releaseOf(host));
  const line = (name: string): string => {
    const from = isAvailable(host, name) ? suite : "now";
    const installed = isInstalled(host, name);
    const state = upgradable(host, name)
      ? ` [upgradable from: ${versionOf(host, name)}]`
      : installed
        ? dpkgOf(host).auto?.includes(name)
          ? " [installed,automatic]"
          : from === "now"
            ? " [installed,local]"
            : " [installed]"
        : "";
    const version = isAvailable(host, name) ? newestOf(host, name) : versionOf(host, name);
    return `${name}/${from} ${version} amd64${state}\n`;
  };
  return ok(`Listing...\n${names.map(line).join("")}`);
};

const upgradable = (host: HostState, name: string): boolean =>
  isInstalled(host, name) && isUpgradable(host, name);

const isKnown = (host: HostState, name: string): boolean =>
  !isGlob(name) && (isAvailable(host, name) || host.packages.includes(name));

function policy(host: HostState, name: string): string {
  const installed = isInstalled(host, name) ? versionOf(host, name) : "(none)";
  const newest = isAvailable(host, name) ? (newestOf(host, name) ?? "(none)") : undefined;
  const versions = [...new Set([newest, installed === "(none)" ? undefined : installed])];
  const table = versions.flatMap((version) => {
    if (version === undefined) return [];
    const mark = version === installed ? "***" : "   ";
    return [
      ` ${mark} ${version} 500\n`,
      ...(version === newest ? [`        500 ${sourceOf(host, name)}\n`] : []),
      ...(version === installed ? ["        100 /var/lib/dpkg/status\n"] : []),
    ];
  });
  return `${name}:\n  Installed: ${installed}\n  Candidate: ${newest ?? installed}\n  Version table:\n${table.join("")}`;
}

function sourceOf(host: HostState, name: string): string {
  const origin = PACKAGES[name]?.origin;
  const source = readSources(host).sources.find((one) => originOf(host, one) === origin);
  return source
    ? `${source.uri} ${source.suite}/${source.component} amd64 Packages`
    : "/var/lib/dpkg/status";
}

function sourcesText(host: HostState): string {
  const lines = readSources(host).sources.map(
    ({ uri, suite, component }) => ` 500 ${uri} ${suite}/${component} amd64 Packages\n`,
  );
  return `Package files:\n 100 /var/lib/dpkg/status\n     release a=now\n${lines.join("")}Pinned packages:\n`;
}

function described(host: HostState, name: string): string {
  const { summary = "", depends = [] } = PACKAGES[name] ?? {};
  const needs = depends.length > 0 ? `Depends: ${depends.join(", ")}\n` : "";
  return `Package: ${name}\nVersion: ${newestOf(host, name) ?? versionOf(host, name)}\nArchitecture: amd64\n${needs}Description: ${summary}\n`;
}
