import { freshState } from "../../../lab/state/initial";
import { looks } from "../../../components/cluster/steps";
import { type HostReport, lookAt, WAYS } from "../../../ops/preflight/host";
import { judge, type Verdict } from "../../../ops/preflight/verdict";
import type { Changes } from "../../components/support/site";
import {
  clusterWithWitness,
  freshHosts,
  type HostName,
  Machines,
} from "../../lab/cluster/support/machines";
import { PASSWORD, START } from "../../lab/support/lab";
import { fresh, situation } from "./support/situation";

/** The lab's cluster is called `site`. */
const SITE = { "cluster.name": "site" };

/** As a preflight does it, but without a network between. */
async function look(lab: Machines, changes: Changes = SITE): Promise<HostReport[]> {
  const { plan, steps } = situation({}, changes);
  const hosts = [...plan.nodes, ...(plan.witness ? [plan.witness] : [])];
  const reports: HostReport[] = [];
  for (const { name, address } of hosts) {
    const connect = (): ReturnType<typeof WAYS.connect> =>
      Promise.resolve({
        run: async (command, { input = "" } = {}) => {
          const { stdout, stderr, exitCode } = await lab.run(name as HostName, command, input);
          return { stdout, stderr, code: exitCode };
        },
        end: () => {},
      });
    const connection = { host: address, port: 22, user: "root", hostKey: "" };
    const own = steps.filter((step) => step.host === name && looks(step));
    const target = { name, address, connection, steps: own };
    reports.push(await lookAt(target, () => {}, { ...WAYS, connect }));
  }
  // The virtual clock goes on while one host after the other is looked at.
  for (const { identity } of reports) delete identity?.clock;
  return reports;
}

const told = ({ problems }: Verdict): string[] =>
  problems.map(({ host, what }) => `${host}: ${what}`);
const states = (reports: HostReport[]): unknown => reports.map(({ state }) => state);

async function bareHosts(): Promise<Machines> {
  let port = 20_000;
  const state = await freshState({
    password: PASSWORD,
    authorizedKey: "ssh-ed25519 AAAA lab",
    nextPort: () => Promise.resolve(port++),
    now: START,
    layout: { bare: ["pve01", "pve02"], extra: [], without: [] },
  });
  return new Machines(state);
}

/** Files that were written, except below `/run`, which is memory. */
const written = (lab: Machines): string[] =>
  lab.site.commands
    .after(0)
    .flatMap(({ host, writes = "/run" }) =>
      writes.startsWith("/run") ? [] : [`${host} ${writes}`],
    );

/** Programs that change something without a file. */
const CHANGING =
  /^(apt-get|dpkg (?!--print)|systemctl (?!is-|show|status|list|cat)|pvecm (?!status|nodes)|pvesm (?!status)|ha-manager (?!status|config)|hostnamectl (?!status)|reboot|modprobe|ssh-keygen)/;
const changing = (lab: Machines): string[] =>
  lab.site.commands
    .after(0)
    .flatMap(({ command = "" }) => (CHANGING.test(command) ? [command] : []));

function expectNothingChanged(lab: Machines): void {
  expect(lab.site.commands.after(0).length).toBeGreaterThan(20);
  expect(written(lab)).toEqual([]);
  expect(changing(lab)).toEqual([]);
  // An export that no storage uses yet is tried with one file, and left as it was.
  expect(Object.values(lab.state.hosts).flatMap(({ mounts = [] }) => mounts)).toEqual([]);
}

describe("a preflight of the lab", () => {
  it("recognises bare Debian, says what will be done, and changes nothing", async () => {
    const lab = await bareHosts();
    const reports = await look(lab);
    expect(states(reports)).toEqual(["debian", "debian", "witness"]);
    expect(reports[0]?.will).toEqual(expect.arrayContaining([expect.stringMatching(/^install /)]));
    expect(told(judge(fresh(reports, SITE)))).toEqual([]);
    expectNothingChanged(lab);
  });

  it("recognises nodes in no cluster, says what will be done, and changes nothing", async () => {
    const lab = await freshHosts();
    const reports = await look(lab);
    expect(states(reports)).toEqual(["installed", "installed", "witness"]);
    expect(reports.map(({ will }) => will.length > 0)).toEqual([true, true, true]);
    expect(told(judge(fresh(reports, SITE)))).toEqual([]);
    expectNothingChanged(lab);
    // The same hosts, where the state says that they were members once.
    expect(told(judge(situation({ reports }, SITE)))).toEqual([
      expect.stringMatching(/^pve01: the state of stack dev says that it has joined cluster site/),
      expect.stringMatching(/^pve02: the state of stack dev says that it has joined cluster site/),
    ]);
  });

  it("finds nothing to do on a cluster that is as described, and changes nothing", async () => {
    const lab = await clusterWithWitness();
    const reports = await look(lab);
    expect(states(reports)).toEqual(["member", "member", "witness"]);
    expect(reports.flatMap(({ will }) => will)).toEqual([]);
    expect(told(judge(situation({ reports }, SITE)))).toEqual([]);
    expectNothingChanged(lab);
  });

  it("refuses members of another cluster", async () => {
    const lab = await clusterWithWitness();
    const reports = await look(lab, {});
    expect(states(reports)).toEqual(["refused", "refused", "witness"]);
    expect(told(judge(fresh(reports)))).toEqual([
      "pve01: this node is in cluster site, not in mizar",
      "pve02: this node is in cluster site, not in mizar",
    ]);
    expectNothingChanged(lab);
  });
});
