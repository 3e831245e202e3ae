import {
  coverage,
  disksToKeep,
  enabledJobs,
  keptPoints,
  retentionOf,
} from "../../policy/facts/backup";
import { afterEachLoss, gibibytes } from "../../policy/facts/failover";
import { endingsOf } from "../../policy/facts/failures";
import { type Known, need, NotKnown, UNKNOWN } from "../../policy/facts/known";
import { hostsOf, loadsOf } from "../../policy/facts/load";
import { sidOf } from "../../policy/facts/placement";
import { gapOf, inWords, objectiveOf } from "../../policy/facts/recovery";
import type {
  BackupJobFacts,
  ClusterFacts,
  CopyFacts,
  GuestFacts,
  NodeFacts,
  Retention,
  SiteFacts,
  StorageFacts,
} from "../../policy/facts/site";
import { storagesById } from "../../policy/facts/storage";
import { readRecorded } from "../../policy/inputs/recorded";
import { marksOf, merged } from "./marks";
import type {
  BackupReport,
  ClusterReport,
  CopyReport,
  GuestReport,
  JobReport,
  NodeReport,
  Report,
  Settings,
  StorageReport,
  Told,
} from "./model";
import type { Reading } from "./read";
import { UNKNOWN_TEXT } from "./values";

/** Everything that a report of this reading says. */
export function reportOf(stack: string, reading: Reading, settings: Settings): Report {
  const after = readRecorded(reading.after);
  const before = readRecorded(reading.before);
  const marks = marksOf(reading.plan?.changes ?? [], before, after);
  const describe = guestDescriber(after, before, settings);
  return {
    ...{ stack, plan: reading.plan, settings },
    clusters: merged(before.clusters, after.clusters, marks).map(({ fact, mark }) => ({
      ...clusterReport(fact, mark, mark === "delete" ? before : after, before, settings),
      mark,
    })),
    storages: merged(before.storages, after.storages, marks).map(({ fact, mark }) => ({
      ...storageReport(fact),
      mark,
    })),
    guests: merged(before.guests, after.guests, marks).map(({ fact, mark }) => ({
      ...describe(fact, mark === "delete"),
      mark,
    })),
    jobs: merged(before.backupJobs, after.backupJobs, marks).map(({ fact, mark }) => ({
      ...jobReport(fact, mark === "delete" ? before : after),
      mark,
    })),
    copies: merged(before.copies, after.copies, marks).map(({ fact, mark }) => ({
      ...copyReport(fact),
      mark,
    })),
  };
}

function told<T>(judge: () => T): Told<T> {
  try {
    return { value: judge() };
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return { until: error.message };
  }
}

function text<T>(value: Known<T>, print: (value: T) => string = String): string {
  return value === UNKNOWN ? UNKNOWN_TEXT : print(value as T);
}

const orNothing = (value: unknown): string => (value === undefined ? "not said" : String(value));

function clusterReport(
  cluster: ClusterFacts,
  mark: ClusterReport["mark"],
  facts: SiteFacts,
  before: SiteFacts,
  { reserve, balloonTag }: Settings,
): ClusterReport {
  // Of a new cluster all is new.
  const old = before.clusters.find(({ urn }) => urn === cluster.urn);
  const was = mark === "create" ? { ...cluster, nodes: [], witness: undefined } : old;
  return {
    name: cluster.name,
    nodes: nodesOf(was, cluster),
    witness: witnessOf(was, cluster),
    endings: told(() => endingsOf(facts, cluster)),
    rooms: told(() => afterEachLoss(hostsOf(cluster, reserve), loadsOf(facts, balloonTag))),
  };
}

function nodesOf(was: ClusterFacts | undefined, is: ClusterFacts): NodeReport[] {
  const old = was && was.nodes !== UNKNOWN ? was.nodes : [];
  const now = is.nodes === UNKNOWN ? [] : is.nodes;
  const gone = old.filter(({ name }) => !now.some((node) => node.name === name));
  const markOf = (node: NodeFacts): NodeReport["mark"] => {
    const before = old.find(({ name }) => name === node.name);
    if (!was) return undefined;
    if (!before) return "create";
    return JSON.stringify(before) === JSON.stringify(node) ? undefined : "update";
  };
  return [
    ...now.map((node) => nodeReport(node, markOf(node))),
    ...gone.map((node) => nodeReport(node, "delete")),
  ];
}

function nodeReport(node: NodeFacts, mark: NodeReport["mark"]): NodeReport {
  const { name, address, votes, memory, cpus, links } = node;
  const bytes = (size: number | undefined): string =>
    size === undefined ? "not said" : gibibytes(size / 1024 ** 2, Math.floor);
  return {
    ...{ name, address, votes, mark, memory: text(memory, bytes), cpus: text(cpus, orNothing) },
    links: text(links),
  };
}

function witnessOf(was: ClusterFacts | undefined, is: ClusterFacts): ClusterReport["witness"] {
  const voter = (cluster: ClusterFacts | undefined) =>
    cluster?.qdevice === true && cluster.witness !== UNKNOWN ? cluster.witness : undefined;
  const [old, now] = [voter(was), voter(is)];
  if (!now) return old && { ...old, mark: "delete" };
  if (!was || old?.address === now.address) return { ...now };
  return { ...now, mark: old ? "update" : "create" };
}

function storageReport(storage: StorageFacts): StorageReport {
  const { name, type, server, export: path, contents, nodes, shared } = storage;
  return {
    ...{ name, type, server: text(server, (host) => host ?? "each node itself") },
    export: text(path, (one) => one ?? "–"),
    contents: text(contents, (kinds) => kinds.join(", ")),
    nodes: `${text(nodes, (names) => names?.join(", ") ?? "all")}${shared === false ? ", each its own" : ""}`,
  };
}

/** Describes guests; one that is to be deleted by what there is before. */
function guestDescriber(
  after: SiteFacts,
  before: SiteFacts,
  settings: Settings,
): (guest: GuestFacts, gone: boolean) => GuestReport {
  const [now, then] = [after, before].map((facts) => ({
    states: new Map(facts.haResources.map(({ sid, state }) => [sid, state])),
    backup: backupDescriber(facts, settings),
  }));
  return (guest, gone) => {
    const { states, backup } = (gone ? then : now) as NonNullable<typeof now>;
    const state = guest.vmid === UNKNOWN ? undefined : states.get(sidOf(guest));
    const disks = guest.disks === UNKNOWN ? [] : guest.disks;
    return {
      ...{ name: guest.name, kind: guest.kind === "vm" ? "VM" : "container" },
      vmid: text(guest.vmid, orNothing),
      home: text(guest.node),
      memory: text(guest.memory, (size) => gibibytes(size)),
      ha: state === undefined ? "no" : text(state),
      storages: [...new Set(disks.map(({ storage }) => text(storage)))],
      backup: backup(guest),
    };
  };
}

function backupDescriber(
  facts: SiteFacts,
  settings: Settings,
): (guest: GuestFacts) => BackupReport {
  const covers = coverage(facts);
  const jobs = enabledJobs(facts);
  const storages = told(() => storagesById(facts));
  const kept = new Map(jobs.map((job) => [job, keptBy(job, storages)]));
  return (guest) => {
    const needed = told(() => disksToKeep(guest, settings.exceptTag).length > 0);
    const objective = told(() =>
      objectiveOf(need(guest.tags, "its tags are"), settings.classes, settings.objective),
    );
    const sure = jobs.filter((job) => covers(job, guest) === true);
    const unsure = jobs.some((job) => covers(job, guest) === UNKNOWN);
    const allowed = "value" in objective ? objective.value.seconds : undefined;
    const no = { jobs: "none", gap: "–", kept: "–", objective: "–" };
    if ("value" in needed && !needed.value) return { ...no, jobs: "needs none", good: true };
    const wanted = allowed === undefined ? UNKNOWN_TEXT : inWords(allowed);
    if (sure.length === 0)
      return { ...no, jobs: unsure ? UNKNOWN_TEXT : "none", objective: wanted, good: unsure };
    const gap = gapOf(sure);
    const dark = sure.some(({ schedule }) => schedule === UNKNOWN);
    return {
      jobs: sure.map(({ name }) => name).join(", "),
      gap: dark ? UNKNOWN_TEXT : gap === Infinity ? "no end" : inWords(gap),
      objective: wanted,
      kept: [...new Set(sure.map((job) => kept.get(job) ?? ""))].join("; "),
      good: dark || allowed === undefined || gap <= allowed,
    };
  };
}

function keptBy(job: BackupJobFacts, storages: Told<Map<string, StorageFacts>>): string {
  if ("until" in storages) return UNKNOWN_TEXT;
  const retention = told(() => retentionOf(job, storages.value));
  return "until" in retention ? UNKNOWN_TEXT : retentionInWords(retention.value);
}

function retentionInWords(retention: Retention | undefined): string {
  if (!retention || retention.all) return "all, until the storage is full";
  const periods = Object.entries(retention).map(([period, count]) => `${period} ${count}`);
  return `${keptPoints(retention)} (${periods.join(", ")})`;
}

function jobReport(job: BackupJobFacts, facts: SiteFacts): JobReport {
  const off = job.enabled === false ? " (switched off)" : "";
  return {
    name: job.name,
    schedule: `${text(job.schedule)}${off}`,
    storage: text(job.storage),
    kept: keptBy(
      job,
      told(() => storagesById(facts)),
    ),
  };
}

function copyReport({ name, from, to, schedule, maxAge }: CopyFacts): CopyReport {
  return {
    ...{ name, from: text(from), to: text(to), schedule: text(schedule) },
    maxAge: text(maxAge, inWords),
  };
}
