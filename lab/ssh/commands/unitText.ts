import type { ExecResult } from "just-bash";
import type { HostState } from "../../state/types";
import { fullName, UNIT_FOLDER, unitFileOf, unitPath } from "../../system/units";
import { type CommandContext, fail, ok } from "../command";
import { activeState, enabledState } from "./unitState";
import { columns } from "./table";
import { strftime } from "./time";

const subState = (name: string, state: string): string =>
  state === "active"
    ? unitFileOf(name)?.type === "timer"
      ? "waiting"
      : unitFileOf(name)?.once
        ? "exited"
        : "running"
    : state === "failed"
      ? "failed"
      : "dead";

/** Exit 3 where one does not run, 4 where one does not exist. */
export function unitStatus(context: CommandContext, units: readonly string[]): ExecResult {
  const { site, host } = context;
  let stdout = "";
  let exitCode = 0;
  for (const name of units) {
    const unit = fullName(name);
    if (!site.units.exists(host, name)) return fail(`Unit ${unit} could not be found.`, 4);
    const state = activeState(name, context);
    const mark = { active: "●", failed: "×" }[state] ?? "○";
    const { since = host.bootedAt } = site.units.state(host, name);
    stdout += `${mark} ${unit} - ${unitFileOf(name)?.description ?? unit}
     Loaded: loaded (${unitPath(host, unit)}; ${enabledState(name, context)}; preset: enabled)
     Active: ${state} (${subState(name, state)}) since ${strftime(since, "%a %F %T UTC")}\n`;
    if (state !== "active") exitCode = 3;
  }
  return { stdout, stderr: "", exitCode };
}

/** `systemctl show [-p KEY,…] [--value] UNIT…`: it knows of every unit, of those that do not exist too. */
export function unitProperties(
  context: CommandContext,
  units: readonly string[],
  values: Record<string, string>,
  flags: readonly string[],
): ExecResult {
  const { site, host } = context;
  const named = [values["-p"], values["--property"]].flatMap((text) => text?.split(",") ?? []);
  const blocks = units.map((name) => {
    const state = activeState(name, context);
    const exists = site.units.exists(host, name);
    const { masked, since = host.bootedAt } = site.units.state(host, name);
    const running = state === "active" && !unitFileOf(name)?.once;
    const all: Record<string, string> = {
      Id: fullName(name),
      Names: fullName(name),
      Description: unitFileOf(name)?.description ?? fullName(name),
      LoadState: masked ? "masked" : exists ? "loaded" : "not-found",
      ActiveState: state,
      SubState: subState(name, state),
      UnitFileState: exists ? enabledState(name, context) : "",
      FragmentPath: exists ? unitPath(host, fullName(name)) : "",
      DropInPaths: dropIns(host, fullName(name)).join(" "),
      ActiveEnterTimestamp: strftime(since, "%a %F %T UTC"),
      MainPID: running ? "1100" : "0",
      NeedDaemonReload: "no",
      Result: state === "failed" ? "exit-code" : "success",
    };
    const keys = named.length > 0 ? named.filter((key) => key in all) : Object.keys(all);
    const bare = flags.includes("--value");
    return keys.map((key) => (bare ? `${all[key]}\n` : `${key}=${all[key]}\n`)).join("");
  });
  return ok(blocks.join("\n"));
}

export function unitText(host: HostState, units: readonly string[]): ExecResult {
  let text = "";
  for (const name of units) {
    const unit = fullName(name);
    const known = unitFileOf(name);
    const own = host.files[`${UNIT_FOLDER}/${unit}`]?.content;
    if (own === undefined && !(known && host.packages.includes(known.package))) {
      return fail(`No files found for ${unit}.`);
    }
    const content = own ?? `[Unit]\nDescription=${known?.description}\n`;
    const parts = [
      `# ${unitPath(host, unit)}\n${content}`,
      ...dropIns(host, unit).map((path) => `# ${path}\n${host.files[path]?.content}`),
    ];
    text += parts.join("\n");
  }
  return ok(text);
}

export function unitList(
  context: CommandContext,
  flags: readonly string[],
  values: Record<string, string>,
): ExecResult {
  const { site, host } = context;
  const wanted = flags.includes("--failed") ? "failed" : values["--state"];
  const names = site.units.all(host).filter((name) => {
    const state = activeState(name, context);
    if (wanted !== undefined) return wanted.split(",").includes(state);
    return flags.some((flag) => flag === "-a" || flag === "--all") || state !== "inactive";
  });
  const rows = names.map((name) => {
    const state = activeState(name, context);
    const mark = state === "failed" ? "●" : " ";
    return [
      mark,
      fullName(name),
      "loaded",
      state,
      subState(name, state),
      unitFileOf(name)?.description ?? name,
    ];
  });
  const bare = flags.includes("--plain");
  const shown = rows.map((row) => (bare ? row.slice(1) : row));
  const head = ["UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION"];
  const table = flags.includes("--no-legend")
    ? columnsOf(shown)
    : `${columnsOf([bare ? head : ["", ...head], ...shown])}\n${rows.length} loaded units listed.\n`;
  return ok(table);
}

const columnsOf = (rows: string[][]): string => (rows.length === 0 ? "" : columns(rows));

function dropIns({ files }: HostState, unit: string): string[] {
  return Object.keys(files)
    .filter((path) => path.startsWith(`${UNIT_FOLDER}/${unit}.d/`) && path.endsWith(".conf"))
    .sort();
}
