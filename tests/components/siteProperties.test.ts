import fc from "fast-check";
import { planSite } from "../../components/plan";
import { InvalidSite, parseSite } from "../../components/site";
import { EVERYTHING, SETTINGS } from "./support/reference";
import { siteWith } from "./support/site";

const PREFIX = "10.20";

interface Shape {
  nodes: number;
  guests: number;
  storages: number;
  pools: number;
  release: 8 | 9;
  witness: boolean;
  seed: number;
}

/** As large as a cluster of Proxmox VE gets: 32 nodes, 1,000 guests. */
const shape: fc.Arbitrary<Shape> = fc.record({
  nodes: fc.integer({ min: 1, max: 32 }),
  guests: fc.integer({ min: 0, max: 1000 }),
  storages: fc.integer({ min: 1, max: 12 }),
  pools: fc.integer({ min: 0, max: 8 }),
  release: fc.constantFrom(8 as const, 9 as const),
  witness: fc.boolean(),
  seed: fc.nat(),
});

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
const mapped = <T>(keys: string[], value: (key: string, index: number) => T): Record<string, T> =>
  Object.fromEntries(keys.map((key, index) => [key, value(key, index)]));

/** A site of that shape, everything in it drawn from the seed. */
function draw({ seed, release, witness, ...counts }: Shape): unknown {
  let state = seed;
  // An LCG (Numerical Recipes): what is drawn is not to be good, but the same again.
  const upTo = (most: number): number => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * (most + 1));
  };
  const oneOf = <T>(list: T[]): T => list[upTo(list.length - 1)] as T;
  const nodes = names("node", counts.nodes);
  const storages = names("Data", counts.storages);
  const pools = names("pool", counts.pools);
  const guests = names("guest", counts.guests);
  const ha = (): object => ({
    ...(upTo(1) ? { nodes: mapped([oneOf(nodes)], () => upTo(5)), strict: upTo(1) === 1 } : {}),
    maxRestart: upTo(10),
  });
  const guest = (index: number): object => {
    const common = {
      ...{ vmid: 100 + index, node: oneOf(nodes), memory: `${16 + upTo(64) * 16} MiB` },
      ...(upTo(2) ? { ha: ha() } : {}),
      ...(pools.length > 0 && upTo(1) ? { pool: oneOf(pools) } : {}),
      ...(upTo(1) ? { notes: `Guest ${index}`, tags: ["a", "b"].slice(upTo(1)) } : {}),
    };
    const disk = () => ({ storage: oneOf(storages), size: `${1 + upTo(63)} GiB` });
    return upTo(1)
      ? {
          ...common,
          type: "vm",
          os: oneOf(["l26", "win10", "other"]),
          cores: 1 + upTo(7),
          disks: { scsi0: disk(), ...(upTo(1) ? { virtio3: disk() } : {}) },
        }
      : {
          ...common,
          type: "container",
          template: "debian-13-standard_13.1-2_amd64.tar.zst",
          templateStorage: oneOf(storages),
          disk: disk(),
        };
  };
  return {
    cluster: {
      name: "random",
      founder: oneOf(nodes),
      release,
      ...(witness ? { witness: "nas" } : {}),
    },
    network: { cidr: `${PREFIX}.0.0/16` },
    nodes: mapped(nodes, (_, index) => ({
      address: `${PREFIX}.1.${index + 1}`,
      cpus: 1 + upTo(63),
      memory: `${4 + upTo(508)} GiB`,
    })),
    hosts: { nas: { address: `${PREFIX}.2.1` } },
    storages: {
      ...mapped(storages, (id) => ({
        type: "nfs",
        server: "nas",
        export: `/export/${id}`,
        content: ["images", "rootdir", "vztmpl", "iso"],
      })),
      Backup: {
        type: "nfs",
        server: "nas",
        export: "/export/backup",
        content: ["backup"],
        retention: { last: 1 + upTo(9) },
      },
    },
    pools: mapped(pools, () => ({})),
    guests: mapped(guests, (_, index) => guest(index)),
    backups: {
      all: { schedule: "02:00", storage: "Backup", guests: "all" },
      ...(guests.length > 0
        ? { some: { schedule: "*/5", storage: "Backup", guests: [oneOf(guests)] } }
        : {}),
    },
  };
}

describe("any valid site", () => {
  it("is planned, each thing under a name and an id of its own, in less than a second", () => {
    fc.assert(
      fc.property(shape, (drawn) => {
        const input = draw(drawn);
        const before = process.cpuUsage();
        const plan = planSite(parseSite(input), SETTINGS);
        const { user, system } = process.cpuUsage(before);
        // CPU time, so that what else runs on the machine does not count.
        expect((user + system) / 1e6).toBeLessThan(1);
        expect(plan.guests).toHaveLength(drawn.guests);
        expect(new Set(plan.guests.map(({ vmid }) => vmid)).size).toBe(drawn.guests);
        expect(plan.cluster.nodes).toHaveLength(drawn.nodes);
        expect(plan.cluster.quorum).toBe(Math.floor(plan.cluster.votes / 2) + 1);
        const rules = [
          ...plan.ha.rules.map(({ id }) => id),
          ...plan.ha.groups.map(({ name }) => name),
        ];
        expect(new Set(rules).size).toBe(rules.length);
        expect(plan.ha[drawn.release === 8 ? "rules" : "groups"]).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe("the site in which every option is used, with a value that is wrong", () => {
  const whole = siteWith(EVERYTHING);
  type Path = string[];
  const pathsIn = (value: unknown, path: Path = []): Path[] =>
    typeof value !== "object" || value === null
      ? [path]
      : Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]));
  const leaves = pathsIn(whole);

  function problemsWith(path: Path, value: unknown): string[] {
    const site = structuredClone(whole);
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], site);
    (parent as Record<string, unknown>)[path.at(-1) ?? ""] = value;
    try {
      parseSite(site);
      return [];
    } catch (error) {
      if (!(error instanceof InvalidSite)) throw error;
      return error.problems.map((problem) => problem.path.join("."));
    }
  }

  it.each([[null], [{ un: "known" }]])("%j is named where it stands", (value) => {
    expect(leaves.length).toBeGreaterThan(200);
    const missed = leaves.filter(
      (path) => !problemsWith(path, value).some((place) => path.join(".").startsWith(place)),
    );
    expect(missed.map((path) => path.join("."))).toEqual([]);
  });

  it("whatever it is ends in a site or in a list of problems", () => {
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.anything({ maxDepth: 2 }), (path, value) => {
        expect(Array.isArray(problemsWith(path, value))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
