import { rmSync } from "node:fs";
import { join } from "node:path";
import { Host, type Result } from "./host";
import { LOOKS } from "./machine";
import { STEPS } from "./steps";

/** What is judged of a node, under real bash. The stand-ins tell in `machine.ts` where their answers come from. */

export type State = Record<string, string | undefined>;
export type Variables = Partial<typeof STEPS.check.variables>;

/** What is otherwise than it should be, and what is told of it, with a tab before the remedy. */
export type Case = [what: string, base: State, changes: State, told: string, variables?: Variables];

/** Rows of one length: a parameter that a row leaves out would be Jest's own. */
export const rows = (cases: Case[]): Required<Case>[] =>
  cases.map(([what, base, changes, told, variables = {}]) => [
    what,
    base,
    changes,
    told,
    variables,
  ]);

const hosts: Host[] = [];
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

/** A host on which these files are otherwise, or missing. */
export function hostWith(base: State, changes: State = {}): Host {
  const files = Object.entries({ ...base, ...changes }).flatMap(([path, content]) =>
    content === undefined ? [] : [[path, content] as const],
  );
  const host = new Host(Object.fromEntries(files));
  hosts.push(host);
  // Other scripts' tests have some of these otherwise.
  for (const [name, body] of Object.entries(LOOKS)) host.command(name, body);
  return host;
}

export function without(host: Host, ...commands: string[]): Host {
  for (const name of commands) rmSync(join(host.root, "bin", name));
  return host;
}

export const judge = (host: Host, variables: Variables = {}): Promise<Result> =>
  host.run({ ...STEPS.check, variables: { ...STEPS.check.variables, ...variables } });

export const judged = (
  base: State,
  changes: State = {},
  variables: Variables = {},
): Promise<Result> => judge(hostWith(base, changes), variables);

/** The facts of one name, each without it. */
export const facts = ({ stdout }: Result, name: string): string[] =>
  stdout
    .split("\n")
    .filter((line) => line.startsWith(`${name}\t`))
    .map((line) => line.slice(name.length + 1));

export const STATIC_REMEDY =
  "set it in /etc/network/interfaces, as in 'iface eno1 inet static' with 'address 192.168.18.100/24' and a gateway; take it out of DHCP, netplan and systemd-networkd";
export const REACH_REMEDY =
  "check that it is on, the cables, the addresses and netmasks of both, and the firewalls between them";
