import fc from "fast-check";
import type { Problem } from "../../components/problems";
import { InvalidSite, parseSite, type Site } from "../../components/site";
import { readSiteFile } from "./support/site";

/**
 * The reference site, changed at random. Whatever stands in the file, the answer is a site in which everything fits,
 * judged here without the project's own checks, or a list of problems that a person can work with.
 */

type Path = (string | number)[];
type Judgement = { site: Site } | { problems: Problem[] };

function judge(input: unknown): Judgement {
  try {
    return { site: parseSite(input) };
  } catch (error) {
    if (error instanceof InvalidSite) return { problems: error.problems };
    throw error;
  }
}

/** Every place in a value, from the top down. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, entry]) => pathsIn(entry, [...path, key]));
  return [path, ...inner];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], value);
}

function changed(
  path: Path,
  change: (parent: Record<string, unknown>, key: string) => void,
): unknown {
  const whole = { site: structuredClone(readSiteFile("dev")) };
  const full = ["site", ...path];
  const parent = at(whole, full.slice(0, -1));
  // An earlier change may have taken the place away.
  if (typeof parent === "object" && parent !== null) {
    change(parent as Record<string, unknown>, String(full.at(-1)));
  }
  return whole.site;
}

const PATHS = pathsIn(readSiteFile("dev"));
const isMapping = (value: unknown): boolean => typeof value === "object" && value !== null;

describe("one wrong value", () => {
  const leaves = PATHS.filter((path) => !isMapping(at(readSiteFile("dev"), path)));
  const inner = PATHS.filter((path) => isMapping(at(readSiteFile("dev"), path)));
  /** Places where the wrong value is not named as the problem. */
  const unnoticed = (paths: Path[], value: unknown): string[] =>
    paths
      .filter((path) => {
        const judgement = judge(changed(path, (parent, key) => (parent[key] = value)));
        if ("site" in judgement) return true;
        const places = judgement.problems.map((problem) => problem.path.join("."));
        return !places.some((place) => place.startsWith(path.join(".")));
      })
      .map((path) => path.join("."));

  it.each([[null], [[]], [{}], [[[1]]], [{ a: 1 }]])(
    "is named wherever %j stands in the place of text or a number",
    (value) => {
      expect(leaves.length).toBeGreaterThan(50);
      expect(unnoticed(leaves, value)).toEqual([]);
    },
  );

  it.each([[null], ["text"], [7], [true]])(
    "is named wherever %j stands in the place of a mapping or list",
    (value) => {
      expect(inner.length).toBeGreaterThan(20);
      expect(unnoticed(inner, value)).toEqual([]);
    },
  );

  it("is named wherever a key is unknown", () => {
    const mappings = inner.filter((path) => !Array.isArray(at(readSiteFile("dev"), path)));
    const missed = mappings.filter((path) => {
      const judgement = judge(changed([...path, "un known"], (parent, key) => (parent[key] = 1)));
      return (
        "site" in judgement ||
        judgement.problems.map((problem) => problem.path.join(".")).join() !==
          [...path, "un known"].join(".")
      );
    });
    expect(missed).toEqual([]);
  });

  it("is found wherever something is missing that has no default", () => {
    const taken = PATHS.slice(1)
      .filter((path) => "site" in judge(changed(path, (parent, key) => delete parent[key])))
      .map((path) => path.join("."));
    // All of these are choices: nothing else refers to them, or the schema says what their absence means.
    expect(taken).toEqual([
      "cluster.witness",
      "storages.Backup.retention",
      "storages.Backup.retention.daily",
      "storages.Backup.retention.last",
      "storages.Backup.retention.monthly",
      "storages.Backup.retention.weekly",
      "guests",
      "guests.win2016",
      "guests.win2016.disks.scsi0",
      "guests.win2016.ha",
      "guests.win2016.ha.nodes",
      "guests.win2016.ha.nodes.pve01",
      "guests.win2016.ha.nodes.pve02",
      "guests.ubuntu",
      "guests.ubuntu.disks.scsi0",
      "guests.ubuntu.ha",
      "guests.web",
      "backups",
      "backups.nightly",
    ]);
  });
});

describe("any number of changes", () => {
  const names = ["pve01", "pve02", "nas", "Data", "Backup", "local", "local-lvm", "web", "ubuntu"];
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(...names, "constructor", "__proto__", "toString", "", "dhcp", "all"),
    fc.constantFrom<unknown>(100, 101, 102, 0, -1, 1.5, 1e300),
    fc.constantFrom<unknown>("1 GiB", "512 MiB", "0 GiB", "10.0.0.1", "192.168.18.251", "vm"),
  );
  const change = fc.record({
    path: fc.constantFrom(...PATHS.slice(1)),
    key: fc.option(fc.constantFrom(...names, "vmid", "type", "ha", "nodes", "protect"), {
      nil: undefined,
    }),
    value: fc.option(values, { nil: undefined }),
  });

  /** Sets, adds or takes away; a place that an earlier change has taken away stays gone. */
  function mutated(changes: { path: Path; key: string | undefined; value: unknown }[]): unknown {
    const draft = structuredClone(readSiteFile("dev"));
    for (const { path, key, value } of changes) {
      const full = key === undefined ? path : [...path.slice(0, -1), key];
      let parent: unknown = draft;
      for (const step of full.slice(0, -1)) {
        parent = isMapping(parent) ? (parent as Record<string, unknown>)[step] : undefined;
      }
      if (!isMapping(parent)) continue;
      const mapping = parent as Record<string, unknown>;
      const last = String(full.at(-1));
      if (value === undefined) delete mapping[last];
      else
        Object.defineProperty(mapping, last, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return draft;
  }

  const mutations = fc.array(change, { minLength: 1, maxLength: 4 }).map(mutated);

  it("end in a site in which everything fits, or in problems", () => {
    fc.assert(
      fc.property(mutations, (input) => {
        const judgement = judge(input);
        if ("site" in judgement) expect(misfits(judgement.site)).toEqual([]);
        else expect(judgement.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it("are told in words of ours, at places that the file has or lacks", () => {
    fc.assert(
      fc.property(mutations, (input) => {
        const judgement = judge(input);
        if ("site" in judgement) return;
        for (const { path, message } of judgement.problems) {
          expect(message).toMatch(/^\S.*[^.\s]$/s);
          expect(message).not.toMatch(/Invalid|Too (big|small)|expected|\[object|undefined|NaN/);
          const above = path
            .slice(0, -1)
            .reduce<unknown>(
              (part, key) => (isMapping(part) ? (part as Record<string, unknown>)[key] : undefined),
              input,
            );
          expect(path.length === 0 || isMapping(above)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** What does not fit in a site that was taken. */
function misfits(site: Site): string[] {
  const guests = Object.entries(site.guests);
  const nodes = new Set(Object.keys(site.nodes));
  const hosts = new Set(Object.keys(site.hosts));
  const holds: Record<string, Set<string>> = {
    local: new Set(["iso", "vztmpl", "backup", "import"]),
    "local-lvm": new Set(["images", "rootdir"]),
  };
  for (const [id, storage] of Object.entries(site.storages)) holds[id] = new Set(storage.content);
  const wrong: string[] = [];
  const check = (fits: boolean | undefined, what: string): void => {
    if (fits !== true) wrong.push(what);
  };
  check(new Set(guests.map(([, { vmid }]) => vmid)).size === guests.length, "VMIDs differ");
  check(nodes.has(site.cluster.founder), "the founder is a node");
  check(!site.cluster.witness || hosts.has(site.cluster.witness), "the witness is a host");
  check(nodes.size > 0 && [...hosts].every((name) => !nodes.has(name)), "hosts are no nodes");
  for (const [id, storage] of Object.entries(site.storages)) {
    check(storage.type !== "nfs" || hosts.has(storage.server), id);
    check(storage.nodes?.every((name) => nodes.has(name)) ?? true, `${id}: nodes`);
  }
  for (const [key, guest] of guests) {
    check(nodes.has(guest.node), `${key}: node`);
    check(guest.vmid >= 100 && Number.isInteger(guest.vmid), `${key}: VMID`);
    check(guest.memory >= 16 * 1024 ** 2, `${key}: memory`);
    check(
      Object.keys(guest.ha?.nodes ?? {}).every((name) => nodes.has(name)),
      `${key}: HA`,
    );
    if (guest.type === "vm") {
      for (const disk of Object.values(guest.disks ?? {})) {
        check(holds[disk.storage]?.has("images") && disk.size > 0, `${key}: disk`);
      }
    } else {
      check(holds[guest.disk.storage]?.has("rootdir") && guest.disk.size > 0, `${key}: disk`);
      check(holds[guest.templateStorage]?.has("vztmpl"), `${key}: template`);
    }
  }
  for (const [id, { storage, guests: chosen, except, pool }] of Object.entries(site.backups)) {
    check(holds[storage]?.has("backup"), `${id}: storage`);
    const listed = Array.isArray(chosen) ? chosen : (except ?? []);
    check(
      listed.every((name) => Object.hasOwn(site.guests, name)),
      id,
    );
    check((chosen === undefined) !== (pool === undefined), `${id}: one selection`);
    check(pool === undefined || Object.hasOwn(site.pools, pool), `${id}: pool`);
  }
  return wrong;
}
