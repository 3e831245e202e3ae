import { coverage, enabledJobs } from "./backup";
import { hostWriter } from "./hosts";
import { need, UNKNOWN } from "./known";
import type { GuestFacts, SiteFacts } from "./site";
import { isOwnDisk, serverOf, storagesById } from "./storage";

/**
 * Tells in words where a storage lies. One that nobody describes, as Ceph's, is a host of its own. What it returns throws
 * `NotKnown`.
 */
export function placeWriter(facts: SiteFacts): (id: string) => string {
  const storages = storagesById(facts);
  const hostOf = hostWriter(facts);
  return (id) => {
    if (isOwnDisk(id, storages)) return "the node of the guest";
    const server = serverOf(storages.get(id));
    return `the host ${server === undefined ? `of ${id}` : hostOf(server)}`;
  };
}

/** Storages to which what is on `targets` is copied. Throws `NotKnown`. */
export function copiesOf({ copies }: Pick<SiteFacts, "copies">, targets: string[]): string[] {
  return copies
    .filter(({ name, from }) => targets.includes(need(from, `what copy ${name} copies is`)))
    .map(({ name, to }) => need(to, `the storage of copy ${name} is`));
}

export interface Place {
  /** Of the storage, or of the job where nothing describes it. */
  urn: string;
  /** In words. */
  host: string;
  /** Ids of the storages there. */
  storages: string[];
}

/**
 * Finds the host with the archives of a guest where there is only one, copies of the stack among them, and nothing else
 * copies them `elsewhere`; undefined
 * where there are two, or none. What it returns throws `NotKnown`.
 */
export function onlyPlace(
  facts: SiteFacts,
  elsewhere: string[],
): (guest: GuestFacts) => Place | undefined {
  const covers = coverage(facts);
  const jobs = enabledJobs(facts);
  // Not before a guest needs them: what is unknown of them is told of that guest.
  let storages: ReturnType<typeof storagesById> | undefined;
  let placeOf: ReturnType<typeof placeWriter> | undefined;
  return (guest) => {
    storages ??= storagesById(facts);
    placeOf ??= placeWriter(facts);
    const taking = jobs.filter((job) => covers(job, guest) === true);
    const targets = taking.map(({ name, storage }) =>
      need(storage, `the storage of backup job ${name} is`),
    );
    const [host, ...others] = new Set([...targets, ...copiesOf(facts, targets)].map(placeOf));
    if (host === undefined || others.length > 0) return undefined;
    if (targets.some((target) => elsewhere.includes(target))) return undefined;
    if (jobs.some((job) => covers(job, guest) === UNKNOWN))
      need(UNKNOWN, "the guests of all backup jobs are");
    const urn = storages.get(targets[0] ?? "")?.urn ?? taking[0]?.urn ?? guest.urn;
    return { urn, host, storages: [...new Set(targets)] };
  };
}
