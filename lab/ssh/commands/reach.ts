import { routerOf } from "../../network/router";
import { connection, hostsLines, type Listener, listening, resolve } from "../../node/ports";
import { hostTraits } from "../../node/hostTraits";
import { sleep } from "../../seams/clock";
import { type Command, type CommandContext, type Commands, fail, ok } from "../command";

/** Milliseconds there and back on a switched network. */
const ROUND_TRIP = 0.25;
/** Seconds until the kernel gives up on a neighbour that does not answer. */
const NO_NEIGHBOUR = 3;

/** iputils: who answers is who can be reached. */
const ping: Command = async (args, context) => {
  const { site, host } = context;
  const count = Number(valueOf(args, "c") ?? 4);
  const wait = Number(valueOf(args, "W") ?? valueOf(args, "w") ?? 10);
  const interval = Number(valueOf(args, "i") ?? 1);
  const name =
    args.filter((arg, index) => !arg.startsWith("-") && !isValue(args, index)).pop() ?? "";
  const address = resolve(host, name);
  if (address === undefined) return fail(`ping: ${name}: Name or service not known`, 2);
  const there = site.hostAt(address);
  const lag = hostTraits(host).lagMs + (there ? hostTraits(there).lagMs : 0);
  const time = ROUND_TRIP + (there === host ? 0 : 2 * lag);
  const quiet = args.some((arg) => /^-\w*q/.test(arg));
  const lines: string[] = [];
  let received = 0;
  for (let sequence = 1; sequence <= count && !context.signal?.aborted; sequence++) {
    if (answers(context, address)) {
      received++;
      lines.push(`64 bytes from ${address}: icmp_seq=${sequence} ttl=64 time=${time} ms`);
      if (sequence < count) await sleep(site.clock, interval * 1000);
    } else await sleep(site.clock, (sequence < count ? interval : wait) * 1000);
  }
  const loss = Math.round((1 - received / count) * 100);
  const times = `rtt min/avg/max/mdev = ${Array(3).fill(time.toFixed(3)).join("/")}/0.000 ms\n`;
  const text = [
    `PING ${name} (${address}) 56(84) bytes of data.\n`,
    ...(quiet ? [] : lines.map((line) => `${line}\n`)),
    `\n--- ${name} ping statistics ---\n`,
    `${count} packets transmitted, ${received} received, ${loss}% packet loss, time ${(count - 1) * interval * 1000}ms\n`,
    received > 0 ? times : "\n",
  ].join("");
  return { ...ok(text), exitCode: received > 0 ? 0 : 1 };
};

/** The hosts of the lab, itself, and the router where the cable is in. */
function answers({ site, host }: CommandContext, address: string): boolean {
  if (address.startsWith("127.") || address === host.address) return true;
  if (address === routerOf(host.address)) return site.hardware.isPlugged(host.name);
  const remote = site.hostAt(address);
  return remote !== undefined && site.hardware.canReach(host.name, remote.name);
}

/** OpenBSD's netcat, of which `-z` is what scripts use. */
const nc: Command = async (args, context) => {
  const { site, host } = context;
  const flags = args.filter((arg) => /^-[a-zA-Z]/.test(arg)).join("");
  const wait = Number(valueOf(args, "w") ?? NO_NEIGHBOUR);
  const [name = "", port = ""] = args.filter(
    (arg, index) => !arg.startsWith("-") && !isValue(args, index),
  );
  if (resolve(host, name) === undefined) {
    return fail(`nc: getaddrinfo for host "${name}" port ${port}: Name or service not known`);
  }
  const verbose = flags.includes("v");
  // Nobody answers a datagram, so nobody refuses it.
  const found = flags.includes("u") ? "open" : connection(site, host, name, Number(port));
  switch (found) {
    case "open":
      return {
        ...ok(),
        stderr: verbose ? `Connection to ${name} ${port} port [tcp/*] succeeded!\n` : "",
      };
    case "refused":
      return fail(
        verbose ? `nc: connect to ${name} port ${port} (tcp) failed: Connection refused` : "",
      );
    case "silent":
      await sleep(site.clock, Math.min(wait, NO_NEIGHBOUR) * 1000);
      return fail(
        verbose ? `nc: connect to ${name} port ${port} (tcp) failed: No route to host` : "",
      );
    default: {
      const never: never = found;
      return never;
    }
  }
};

const getent: Command = ([database = "", ...keys], { host }) => {
  const lines = hostsLines(host);
  const [key = ""] = keys;
  const found = lines.find(({ address, names }) => address === key || names.includes(key));
  switch (database) {
    case "hosts": {
      const shown = keys.length === 0 ? lines : found ? [found] : [];
      const text = shown.map(({ address, names }) => `${address.padEnd(15)} ${names.join(" ")}\n`);
      return { ...ok(text.join("")), exitCode: shown.length > 0 ? 0 : 2 };
    }
    case "ahosts":
    case "ahostsv4": {
      if (!found) return fail("", 2);
      const { address, names } = found;
      const row = (type: string, name = ""): string =>
        `${address.padEnd(15)} ${type.padEnd(6)} ${name}\n`;
      return ok(row("STREAM", names[0]) + row("DGRAM") + row("RAW"));
    }
    case "passwd":
      return key === "root" || key === "0" ? ok("root:x:0:0:root:/root:/bin/bash\n") : fail("", 2);
    default:
      return fail(`Unknown database: ${database}`, 1);
  }
};

/** What a host listens on, and who hears it. */
export const reachCommands: Commands = {
  ping,
  nc,
  getent,
  ss: (args, { host }) => {
    const has = (letter: string): boolean =>
      args.some((arg) => new RegExp(`^-\\w*${letter}`).test(arg));
    const protocols = (["tcp", "udp"] as const).filter((name) => has(name.charAt(0)));
    const shown = protocols.length > 0 ? protocols : (["udp", "tcp"] as const);
    const users = ({ process }: Listener): string =>
      process !== undefined && has("p") ? ` users:(("${process}",pid=1100,fd=6))` : "";
    const rows = shown.flatMap((protocol) =>
      listening(host, protocol).map((one) => {
        const [state, queue] = protocol === "tcp" ? ["LISTEN", "4096"] : ["UNCONN", "0"];
        return `${state} 0      ${queue.padEnd(4)}         0.0.0.0:${String(one.port).padEnd(6)}    0.0.0.0:*${users(one)}\n`;
      }),
    );
    const head = "State  Recv-Q Send-Q Local Address:Port  Peer Address:Port\n";
    return ok(`${has("H") ? "" : head}${rows.join("")}`);
  },
};

const VALUED = /^-\w*[cWwi]$/;

const isValue = (args: string[], index: number): boolean =>
  index > 0 && VALUED.test(args[index - 1] ?? "");

/** `-c 3`, `-c3`, `-zw 3`. */
function valueOf(args: string[], letter: string): string | undefined {
  const index = args.findIndex((arg) => new RegExp(`^-\\w*${letter}\\d*$`).test(arg));
  if (index < 0) return undefined;
  const inline = new RegExp(`${letter}(\\d+)$`).exec(args[index] ?? "")?.[1];
  return inline ?? args[index + 1];
}
