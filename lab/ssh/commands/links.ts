import { routerOf } from "../../network/router";
import { cardSpeed, hostTraits } from "../../node/hostTraits";
import { type Link, linksOf } from "../../node/links";
import type { HostState } from "../../state/types";
import { type Commands, fail, ok } from "../command";

/** iproute2 and ethtool. */
export const linkCommands: Commands = {
  ip: (args, { site, host }) => {
    const flags = args.filter((arg) => arg.startsWith("-"));
    const words = args.filter((arg) => !arg.startsWith("-"));
    const [object = "", ...rest] = words;
    const json = flags.some((flag) => /^-j(son)?$/.test(flag));
    const brief = flags.some((flag) => /^-br/.test(flag));
    const all = linksOf(site, host);
    const named = rest.filter((word) => !/^(show|list|ls|dev|up|to)$/.test(word))[0];
    switch (object) {
      case "a":
      case "addr":
      case "address":
      case "l":
      case "link": {
        const shown = all.filter(({ name }) => named === undefined || name === named);
        if (shown.length === 0) return fail(`Device "${named}" does not exist.`);
        const addresses = object.startsWith("a");
        if (json) return ok(`${JSON.stringify(shown.map((link) => asJson(link, addresses)))}\n`);
        if (brief) return ok(shown.map((link) => briefLine(link, addresses)).join(""));
        if (flags.includes("-o")) return ok(shown.map(onelineOf).join(""));
        return ok(shown.map((link) => longText(link, addresses)).join(""));
      }
      case "r":
      case "route":
        return routes(rest, all, host, json);
      default:
        return fail(`Object "${object}" is unknown, try "ip help".`);
    }
  },
  // Interfaces follow their file at once.
  ifreload: () => ok(),
  ethtool: (args, { site, host }) => {
    const name = args.find((arg) => !arg.startsWith("-")) ?? "";
    const link = linksOf(site, host).find((one) => one.name === name);
    if (!link)
      return fail(`netlink error: No such device\ncannot get device settings: No such device`, 75);
    const speed = link.up ? `${cardSpeed(host)}Mb/s` : "Unknown!";
    const { duplex } = hostTraits(host);
    const mode = link.up ? (duplex === "full" ? "Full" : "Half") : "Unknown! (255)";
    return ok(
      `Settings for ${name}:\n\tSpeed: ${speed}\n\tDuplex: ${mode}\n\tAuto-negotiation: on\n\tLink detected: ${link.up ? "yes" : "no"}\n`,
    );
  },
};

function routes(rest: string[], all: Link[], host: HostState, json: boolean) {
  const gateway = routerOf(host.address);
  const network = host.address.replace(/\d+$/, "0/24");
  const own = all.find(({ address }) => address === host.address);
  if (!own) return ok();
  const asked = rest[0] === "get" ? rest[1] : undefined;
  if (asked !== undefined) {
    const near = asked.split(".").slice(0, 3).join() === host.address.split(".").slice(0, 3).join();
    return ok(
      `${asked} ${near ? "" : `via ${gateway} `}dev ${own.name} src ${host.address} uid 0 \n    cache \n`,
    );
  }
  const main = { dst: "default", gateway, dev: own.name, protocol: "kernel", flags: ["onlink"] };
  const near = {
    dst: network,
    dev: own.name,
    protocol: "kernel",
    scope: "link",
    prefsrc: host.address,
    flags: [],
  };
  const only = rest.includes("default");
  if (json) return ok(`${JSON.stringify(only ? [main] : [main, near])}\n`);
  const first = `default via ${gateway} dev ${own.name} proto kernel onlink \n`;
  const second = `${network} dev ${own.name} proto kernel scope link src ${host.address} \n`;
  return ok(only ? first : first + second);
}

const stateOf = ({ name, up }: Link): string => (name === "lo" ? "UNKNOWN" : up ? "UP" : "DOWN");

const flagsOf = ({ name, up }: Link): string[] =>
  name === "lo"
    ? ["LOOPBACK", "UP", "LOWER_UP"]
    : up
      ? ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"]
      : ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"];

const mtuOf = ({ name }: Link): number => (name === "lo" ? 65_536 : 1500);

function asJson(link: Link, addresses: boolean): Record<string, unknown> {
  const { index, name, mac, master, address, bits } = link;
  const found =
    address === undefined
      ? []
      : [
          {
            family: "inet",
            local: address,
            prefixlen: bits,
            scope: name === "lo" ? "host" : "global",
            label: name,
          },
        ];
  return {
    ifindex: index,
    ifname: name,
    flags: flagsOf(link),
    mtu: mtuOf(link),
    ...(master === undefined ? {} : { master }),
    operstate: stateOf(link),
    link_type: name === "lo" ? "loopback" : "ether",
    address: mac,
    ...(addresses ? { addr_info: found } : {}),
  };
}

function briefLine(link: Link, addresses: boolean): string {
  const { name, address, bits, mac } = link;
  const last = addresses
    ? address === undefined
      ? ""
      : `${address}/${bits} `
    : `${mac} <${flagsOf(link).join()}> `;
  return `${name.padEnd(16)} ${stateOf(link).padEnd(14)} ${last}\n`;
}

function onelineOf({ index, name, address, bits, leased }: Link): string {
  if (address === undefined) return "";
  const dynamic = leased ? "dynamic " : "";
  const scope = name === "lo" ? "host" : "global";
  return `${index}: ${name}    inet ${address}/${bits} scope ${scope} ${dynamic}${name}\\       valid_lft forever preferred_lft forever\n`;
}

function longText(link: Link, addresses: boolean): string {
  const { index, name, mac, address, bits, master } = link;
  const slave = master === undefined ? "" : ` master ${master}`;
  const kind = name === "lo" ? "loopback" : "ether";
  const last = name === "lo" ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff";
  const inet =
    addresses && address !== undefined
      ? `    inet ${address}/${bits} scope ${name === "lo" ? "host" : "global"} ${name}\n       valid_lft forever preferred_lft forever\n`
      : "";
  return `${index}: ${name}: <${flagsOf(link).join()}> mtu ${mtuOf(link)} qdisc noqueue${slave} state ${stateOf(link)} group default qlen 1000\n    link/${kind} ${mac} brd ${last}\n${inet}`;
}
