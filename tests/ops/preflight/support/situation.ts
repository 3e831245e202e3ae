import { planCluster } from "../../../../components/cluster/plan";
import { planSteps, type Step } from "../../../../components/cluster/steps";
import { planStorages } from "../../../../components/storage/plan";
import type { HostReport } from "../../../../ops/preflight/host";
import type { Situation } from "../../../../ops/preflight/verdict";
import { type Changes, site } from "../../../components/support/site";
import { reportOn } from "./reports";

/** What is the case on the reference site, where it is fully built. */
export function situation(changes: Partial<Situation> = {}, siteChanges: Changes = {}): Situation {
  const described = site(siteChanges);
  const plan = planCluster(described);
  return {
    ...{ stack: "dev", file: "Pulumi.dev.yaml", lab: false, knownHosts: "/root/.ssh/known_hosts" },
    plan,
    steps: planSteps(
      { cluster: plan, storages: planStorages(described, "2026-11-23") },
      (host) => `ssh-ed25519 ${host}`,
    ),
    past: { missing: new Set(), changed: new Set() },
    reports: built(),
    ...changes,
  };
}

/** Nothing has been done yet. */
export function fresh(reports: HostReport[], siteChanges: Changes = {}): Situation {
  const now = situation({ reports }, siteChanges);
  return { ...now, past: { missing: new Set(namesOf(now.steps)), changed: new Set() } };
}

export const namesOf = (steps: Step[], host?: string): string[] =>
  steps.filter((step) => host === undefined || step.host === host).map(({ name }) => name);

const MEMBERS = { pve01: true, pve02: true };

/** As the scripts see the reference site when it is built. */
export function built(...instead: HostReport[]): HostReport[] {
  const member = (name: string): HostReport =>
    reportOn(name, { state: "member", identity: { machine: name, boot: name, members: MEMBERS } });
  const all = [member("pve01"), member("pve02"), reportOn("nas", { state: "witness" })];
  return all.map((report) => instead.find(({ name }) => name === report.name) ?? report);
}
