import type { ExecResult } from "just-bash";
import { sleep } from "../../seams/clock";
import { note } from "../../system/configure";
import { runsToEnd } from "../../system/ownServices";
import { fullName, nameOf, UNIT_FOLDER, unitFileOf, unitPath } from "../../system/units";
import { type CommandContext, type Commands, fail, ok } from "../command";
import { goDown } from "./power";
import { activeState, enabledState, type Where } from "./unitState";
import { unitList, unitProperties, unitStatus, unitText } from "./unitText";

/** systemd's limit for a stop; the LRM has guests to take care of. */
const STOP_LIMIT_MS = 95_000;

interface Asked {
  verb: string;
  units: string[];
  flags: string[];
  values: Record<string, string>;
  context: CommandContext;
}

type Action = (asked: Asked) => ExecResult | Promise<ExecResult>;

const VALUED = [
  "-p",
  "--property",
  "-t",
  "--type",
  "--state",
  "-n",
  "--lines",
  "--when",
  "-H",
  "-M",
];

const ACTIONS: Record<string, Action> = {
  "is-active": (asked) => probe(asked, activeState, "active", 3),
  "is-failed": (asked) => probe(asked, activeState, "failed", 1),
  "is-enabled": (asked) => probe(asked, enabledState, /^(enabled|static|alias)/, 1),
  "is-system-running": ({ context: { host } }) => {
    const failed = Object.values(host.units ?? {}).some((state) => state.failed);
    return failed ? { ...ok("degraded\n"), exitCode: 1 } : ok("running\n");
  },
  start: (asked) => each(asked, (name) => start(asked, name)),
  stop: (asked) => each(asked, (name) => stop(asked, name)),
  restart: (asked) => each(asked, (name) => restart(asked, name)),
  "try-restart": (asked) =>
    each(asked, (name) => (isActive(asked, name) ? restart(asked, name) : undefined)),
  reload: (asked) =>
    each(asked, (name) =>
      isActive(asked, name) ? undefined : fail(`${fullName(name)} is not active, cannot reload.`),
    ),
  "reload-or-restart": (asked) =>
    each(asked, (name) => (isActive(asked, name) ? undefined : start(asked, name))),
  enable: (asked) => enable(asked, true),
  disable: (asked) => enable(asked, false),
  reenable: (asked) => enable(asked, true),
  mask: (asked) => mask(asked, true),
  unmask: (asked) => mask(asked, false),
  "reset-failed": ({ units, context: { host } }) => {
    for (const [name, state] of Object.entries(host.units ?? {})) {
      if (units.length === 0 || units.map(nameOf).includes(name)) delete state.failed;
    }
    return ok();
  },
  status: ({ units, context }) => unitStatus(context, units),
  show: ({ units, values, flags, context }) => unitProperties(context, units, values, flags),
  cat: ({ units, context }) => unitText(context.host, units),
  "list-units": ({ flags, values, context }) => unitList(context, flags, values),
  "list-unit-files": ({ units, context: { host, site } }) =>
    ok(
      site.units
        .all(host)
        .filter((name) => units.length === 0 || units.map(nameOf).includes(name))
        .map((name) => `${fullName(name)} ${enabledState(name, { host, site })}\n`)
        .join(""),
    ),
  "daemon-reload": () => ok(),
  "daemon-reexec": () => ok(),
  reboot: ({ context }) => goDown(context, "reboot"),
  poweroff: ({ context }) => goDown(context, "shutdown"),
  halt: ({ context }) => goDown(context, "shutdown"),
};

export const systemctlCommands: Commands = {
  systemctl: (args, context) => {
    const asked = split(args, context);
    const action = ACTIONS[asked.verb === "" ? "list-units" : asked.verb];
    return action ? action(asked) : fail(`Unknown command verb '${asked.verb}'.`);
  },
};

function split(args: readonly string[], context: CommandContext): Asked {
  const words: string[] = [];
  const flags: string[] = [];
  const values: Record<string, string> = {};
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const [, key = "", value = ""] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? [];
    if (key !== "") values[key] = value;
    else if (VALUED.includes(arg)) values[arg] = args[++index] ?? "";
    else if (/^-p./.test(arg)) values["-p"] = arg.slice(2);
    else if (arg.startsWith("-")) flags.push(arg);
    else words.push(arg);
  }
  const [verb = "", ...units] = words;
  return { verb, units, flags, values, context };
}

/** One unit that fits is enough. Fails with 4 where nobody has such a unit. */
function probe(
  { units, flags, context }: Asked,
  stateOf: (name: string, where: Where) => string,
  good: string | RegExp,
  bad: number,
): ExecResult {
  const states = units.map((name) => stateOf(name, context));
  const fits = (state: string): boolean =>
    typeof good === "string" ? state === good : good.test(state);
  const quiet = flags.some((flag) => flag === "-q" || flag === "--quiet");
  const known = units.some((name) => context.site.units.exists(context.host, name));
  return {
    stdout: quiet ? "" : states.map((state) => `${state}\n`).join(""),
    stderr: "",
    exitCode: states.some(fits) ? 0 : known ? bad : 4,
  };
}

async function each(
  { verb, units, context }: Asked,
  act: (name: string) => ExecResult | undefined | Promise<ExecResult | undefined>,
): Promise<ExecResult> {
  if (units.length === 0) return fail("Too few arguments.");
  for (const name of units) {
    if (!context.site.units.exists(context.host, name)) {
      const what = verb === "stop" ? "not loaded" : "not found";
      return fail(`Failed to ${verb} ${fullName(name)}: Unit ${fullName(name)} ${what}.`, 5);
    }
  }
  for (const name of units) {
    const result = await act(name);
    if (result) return result;
  }
  return ok();
}

const isActive = ({ context: { site, host } }: Asked, name: string): boolean =>
  site.units.isActive(host, name);

async function start({ verb, context }: Asked, name: string): Promise<ExecResult | undefined> {
  const { site, host } = context;
  const unit = fullName(name);
  if (site.units.state(host, name).masked) {
    return fail(`Failed to ${verb} ${unit}: Unit ${unit} is masked.`);
  }
  const good = runsToEnd(host, name)
    ? await site.machines.runOwn(host, nameOf(name))
    : site.units.start(host, name) !== "failed";
  if (good) return undefined;
  note(site, host, nameOf(name));
  return fail(
    `Job for ${unit} failed because the control process exited with error code.\nSee "systemctl status ${unit}" and "journalctl -xeu ${unit}" for details.`,
  );
}

async function stop({ context }: Asked, name: string): Promise<undefined> {
  const { site, host } = context;
  site.units.stop(host, name);
  const daemon = { "pve-ha-lrm": "lrm", "pve-ha-crm": "crm" }[nameOf(name)];
  if (daemon !== "lrm" && daemon !== "crm") return;
  const deadline = site.clock.now() + STOP_LIMIT_MS;
  while (site.ha.isRunning(host.name, daemon) && site.clock.now() < deadline) {
    await sleep(site.clock, 1000);
  }
}

async function restart(asked: Asked, name: string): Promise<ExecResult | undefined> {
  await stop(asked, name);
  return start(asked, name);
}

async function enable(asked: Asked, enabled: boolean): Promise<ExecResult> {
  const { verb, units, flags, context } = asked;
  const { site, host } = context;
  const missing = units.find((name) => !site.units.exists(host, name));
  if (missing !== undefined) {
    return fail(`Failed to ${verb} unit: Unit ${fullName(missing)} does not exist`);
  }
  let stderr = "";
  for (const name of units) {
    const unit = fullName(name);
    if (enabled && site.units.state(host, name).masked) {
      return fail(`Failed to ${verb} unit: Unit ${unit} is masked`);
    }
    const wants = `${UNIT_FOLDER}/multi-user.target.wants/${unit}`;
    const before = site.units.isEnabled(host, name);
    if (enabled && !before) stderr += `Created symlink '${wants}' → '${unitPath(host, unit)}'.\n`;
    if (!enabled && before) stderr += `Removed '${wants}'.\n`;
    if (unitFileOf(name)?.preset !== "static") site.units.enable(host, name, enabled);
  }
  if (!flags.includes("--now")) return { ...ok(), stderr };
  const act = enabled ? start : stop;
  const result = await each(asked, (name) => act(asked, name));
  return { ...result, stderr: `${stderr}${result.stderr}` };
}

function mask({ units, flags, context }: Asked, masked: boolean): ExecResult {
  const { site, host } = context;
  let stderr = "";
  for (const name of units) {
    const path = `${UNIT_FOLDER}/${fullName(name)}`;
    if (masked) stderr += `Created symlink '${path}' → '/dev/null'.\n`;
    else if (site.units.state(host, name).masked) stderr += `Removed '${path}'.\n`;
    site.units.mask(host, name, masked);
    if (masked && flags.includes("--now")) site.units.stop(host, name);
  }
  return { ...ok(), stderr };
}
