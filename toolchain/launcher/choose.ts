import type { GuestReport, NodeReport } from "./probe";

export interface Choice {
  report: NodeReport;
  /** Said to the operator before the run. */
  notices: string[];
  /** Nodes that had given no answer, for whatever reason, when the choice was made. A slow one is none of them. */
  failed: string[];
}

/** Milliseconds that a node earlier in the file is waited for once a later one has answered well. */
const PREFERENCE_MS = 1_000;

export interface Asked {
  name: string;
  answer: Promise<NodeReport>;
}

export interface Wanted {
  clusterName: string;
  founder: string;
}

/**
 * The node to work through: the first in the given order that answers and is quorate in the site's cluster. Before
 * there is a cluster, the one that will found it. Undefined when that one does not answer, or nobody.
 */
export async function choose(
  asked: Asked[],
  wanted: Wanted,
  preferenceMs = PREFERENCE_MS,
): Promise<Choice | undefined> {
  const { clusterName } = wanted;
  const good = (report: NodeReport): boolean =>
    report.cluster?.name === clusterName && report.cluster.quorate;
  const settled = new Map<string, NodeReport | Error>();
  const all = asked.map(({ name, answer }) =>
    answer.then(
      (report) => settled.set(name, report),
      (error: Error) => settled.set(name, error),
    ),
  );
  const firstGood = asked.map(({ answer }) =>
    answer.then((report) => (good(report) ? report : Promise.reject(new Error("not quorate")))),
  );
  const quick = await Promise.any(firstGood).catch(() => undefined);
  await (quick ? Promise.race([Promise.all(all), pause(preferenceMs)]) : Promise.all(all));
  const reports = asked.flatMap(({ name }) => {
    const report = settled.get(name);
    return report && !(report instanceof Error) ? [report] : [];
  });
  const report = reports.find(good) ?? quick ?? fallback(reports, wanted);
  const failed = asked.flatMap(({ name }) => (settled.get(name) instanceof Error ? [name] : []));
  return report && { report, notices: noticesOf(report, clusterName), failed };
}

/**
 * Nobody is quorate: a member of the cluster all the same, since reading works. Else one in another cluster, which the
 * caller refuses; or, without any cluster, the founder.
 */
function fallback(reports: NodeReport[], { clusterName, founder }: Wanted): NodeReport | undefined {
  return (
    reports.find(({ cluster }) => cluster?.name === clusterName) ??
    reports.find(({ cluster }) => cluster) ??
    reports.find(({ name }) => name === founder)
  );
}

function noticesOf({ name, cluster }: NodeReport, clusterName: string): string[] {
  if (!cluster || cluster.name !== clusterName || cluster.quorate) return [];
  return [
    `No node has quorum. Reading works through ${name}, but Proxmox VE will refuse every change. ` +
      `Look at: pvecm status on ${name}`,
  ];
}

/**
 * Guests of this stack on nodes that do not answer: nothing can be asked or done about them now. Right after a node
 * lost power its cluster still calls it online; that it did not answer us is known sooner.
 */
export function unreachableGuests(
  { report, failed }: Pick<Choice, "report" | "failed">,
  stack: string,
): (GuestReport & { urn: string })[] {
  // A stack's name may have dots.
  const name = stack.replaceAll(".", "\\.");
  const mark = new RegExp(`Managed by Pulumi, stack ${name}: (urn:pulumi:\\S+)`);
  const offline = new Set(offlineNodes({ report, failed }));
  return report.guests.flatMap((guest) => {
    const urn = mark.exec(guest.notes)?.[1];
    return offline.has(guest.node) && urn !== undefined ? [{ ...guest, urn }] : [];
  });
}

/** Members that are down, and nodes that do not answer. */
export function offlineNodes({ report, failed }: Pick<Choice, "report" | "failed">): string[] {
  const down = Object.entries(report.members).flatMap(([name, online]) => (online ? [] : [name]));
  return [...new Set([...down, ...failed])].sort();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
