import type { Daemon } from "../../../../../lab/ha/core/environment";
import type { RequestState } from "../../../../../lab/ha/core/types";
import type { SimulatedSite } from "./site";

/** A line of a scenario's `commands`: the virtual second, and what happens then. */
export interface TimedCommand {
  at: number;
  text: string;
}

type Action = (site: SimulatedSite, args: string[]) => void;

/** What may happen to a site, by the first word of the command. */
const ACTIONS: Record<string, Action> = {
  power: (site, [node = "", action]) => site.switchPower(node, action === "on"),
  network: (site, [node = "", action]) => site.plug(node, action === "on"),
  witness: (site, [action]) => site.setWitness(action === "on"),
  reboot: (site, [node = ""]) => site.shutDown(node, "reboot"),
  shutdown: (site, [node = ""]) => site.shutDown(node, "shutdown"),
  cfs: (site, [node = "", what = "", action]) => site.setFilesystem(node, what, action === "work"),
  stop: (site, [node = "", daemon]) => site.stack.stopDaemon(node, daemon as Daemon),
  start: (site, [node = "", daemon]) => site.stack.startDaemon(node, daemon as Daemon),
  restart: (site, [node = "", daemon]) => site.restartDaemon(node, daemon as Daemon),
  "crm-command": (site, words) => void site.shared.files.crm_commands.push(words.join(" ")),
  request: (site, [sid = "", state]) => site.request(sid, state as RequestState),
  add: (site, [sid = "", node = "", state = "started"]) => {
    site.shared.resources[sid] = { node, state: state as RequestState };
  },
  remove: (site, [sid = ""]) => void delete site.shared.resources[sid],
  crash: (site, [sid = ""]) => site.guests.crash(sid),
  lock: (site, [sid = "", lock = "backup"]) => {
    const guest = site.shared.resources[sid];
    if (guest) guest.lock = lock;
  },
  unlock: (site, [sid = ""]) => void delete site.shared.resources[sid]?.lock,
  /** Somebody moves the guest past the HA manager, as one may while it is ignored. */
  move: (site, [sid = "", node = ""]) => site.guests.move(sid, node),
  /** What the guest takes now, as `cpu=1.5` and `mem=4294967296`. */
  load: (site, [sid = "", ...figures]) => {
    const guest = site.shared.resources[sid];
    if (!guest) return;
    const entries = figures.map((figure) => figure.split("="));
    const load = Object.fromEntries(entries.map(([key, value]) => [key, Number(value)]));
    guest.load = { maxcpu: 0, maxmem: 0, ...guest.load, ...load };
  },
  rule: (site, [id = "", action]) => {
    const rule = site.shared.rules[id];
    if (rule && action === "disable") rule.disable = "1";
    else if (rule && action === "enable") delete rule.disable;
    else delete site.shared.rules[id];
  },
  /** `set ha.shutdown_policy failover` and the like. */
  policy: (site, [policy = ""]) => {
    site.shared.settings.shutdown_policy = policy as "conditional";
  },
  /** The node's packages are upgraded. */
  version: (site, [node = "", version = ""]) => void (site.shared.versions[node] = version),
  "lab-restart": (site) => site.restartLab(),
  end: () => undefined,
};

/** Lines `<second> <command>`; `#` begins a comment. @throws on a command that nobody knows. */
export function readCommands(text: string): TimedCommand[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [at = "", ...words] = line.split(/\s+/);
      if (!/^\d+$/.test(at) || !ACTIONS[words[0] ?? ""]) throw new Error(`no command: ${line}`);
      return { at: Number(at), text: words.join(" ") };
    });
}

export function execute(site: SimulatedSite, text: string): void {
  const [name = "", ...args] = text.split(" ");
  ACTIONS[name]?.(site, args);
}
