import * as pulumi from "@pulumi/pulumi";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../components/build";
import { planSite } from "../../components/plan";
import { parseSite, type Site } from "../../components/site";
import { makePolicies } from "../../policy/pack";
import { readSettings } from "../../policy/settings/read";
import { type Diagnostic, type Pack, run } from "../policy/support/pack";
import { type Example, examples } from "../support/examples";
import { useConnections } from "./support/connections";
import { type Registered, register } from "./support/pulumi";
import { SETTINGS } from "./support/reference";
import { kind } from "./support/resources";
import { ROOT } from "./support/site";
import { marksIn } from "./reference/support/editor";

/** Complete sites for readers to begin with: each is what its file says, and as safe as it claims. */

const EXAMPLES = examples();
const TODAY = "2026-11-27";
const connections = useConnections();

describe("the catalogue", () => {
  it("has these sites", () => {
    expect(EXAMPLES.map(({ folder, stack }) => `${folder}/${stack}`)).toEqual([
      "reference/reference",
      "release-8/release-8",
      "single-node/single-node",
      "two-sites/north",
      "two-sites/south",
      "zfs-replication/zfs-replication",
    ]);
  });

  it.each([...new Set(EXAMPLES.map(({ folder }) => folder))])("lists and tells %s", (folder) => {
    const list = readFileSync(join(ROOT, "docs/examples/README.md"), "utf8");
    expect(list).toContain(`(${folder}/README.md)`);
    expect(existsSync(join(ROOT, "docs/examples", folder, "README.md"))).toBe(true);
  });
});

describe.each(EXAMPLES.map((example) => [example.path, example] as const))(
  "%s",
  (_path, example) => {
    let resources: Registered[];
    beforeAll(async () => {
      resources = await registered(example);
    });

    it("has nothing that an editor marks", () => {
      expect(marksIn(example.file)).toEqual([]);
    });

    it("makes its guests, their HA resources and its backup jobs", () => {
      const { guests, backups } = parseSite(example.site);
      const named = (...types: string[]): string[] =>
        resources.filter((one) => types.includes(kind(one))).map(({ name }) => name);
      expect(named("VmLegacy", "ContainerLegacy").sort()).toEqual(Object.keys(guests).sort());
      expect(named("Job").sort()).toEqual(Object.keys(backups).sort());
      const available = Object.entries(guests).filter(([, { ha }]) => ha);
      expect(named("Haresource", "HaresourceLegacy")).toHaveLength(available.length);
    });

    it("passes production's policies, with what it accepts for reasons and nothing that it accepts in vain", async () => {
      const verdict = await judged(example, resources);
      // Nobody can know it before the first update.
      expect(verdict.filter(({ policy }) => policy !== "advise-token-age").map(inShort)).toEqual(
        excuses(example).length === 0 ? [] : ["advisory excused-violations"],
      );
      const told = verdict.find(({ policy }) => policy === "excused-violations")?.message ?? "";
      expect(told.split("\n").filter((line) => line.startsWith("- "))).toHaveLength(
        excuses(example).length,
      );
      expect(told).not.toMatch(
        /is followed now|excuses nothing|was excused|to be reviewed on .*: review it/,
      );
    });
  },
);

describe("two sites that are built alike", () => {
  it("differ in names, addresses, hardware and guests alone", () => {
    const [north, south] = EXAMPLES.filter(({ folder }) => folder === "two-sites").map(shared);
    expect(south).toEqual(north);
  });
});

/** Without what is each site's own. */
function shared({ site, file }: Example): unknown {
  const { cluster, nodes, hosts, migration, guests, network, storages, ...rest } =
    site as unknown as Site;
  void [cluster, nodes, hosts, migration, guests];
  const { cidr, ...networks } = network;
  const { Other, ...others } = storages;
  void [cidr, Other];
  const config = { ...file.config, "proxmox-ha:site": undefined };
  return { config, rest, networks, others };
}

function registered({ site, stack }: Example): Promise<Registered[]> {
  const parsed = parseSite(site);
  const [anyHost] = Object.values(connections);
  const reached = [...Object.keys(parsed.nodes), ...Object.keys(parsed.hosts)];
  const plan = planSite(parsed, { ...SETTINGS, stack, protect: true, today: TODAY });
  return register(
    () =>
      build(plan, Object.fromEntries(reached.map((name) => [name, anyHost!])), (name) =>
        pulumi.secret(`the value of ${name}`),
      ),
    { stack, preview: true },
  );
}

function judged({ policies, stack }: Example, resources: Registered[]): Promise<Diagnostic[]> {
  const config = JSON.stringify({ "proxmox-ha:policies": JSON.stringify(policies) });
  const settings = readSettings({ PULUMI_CONFIG: config, PULUMI_STACK: stack }, TODAY);
  const pack = { name: "proxmox-ha", policies: makePolicies(settings) as Pack["policies"] };
  return run(pack, resources);
}

function excuses({ policies }: Example): unknown[] {
  const { exceptions = [], acceptedRisks = [] } = policies as Record<string, unknown[] | undefined>;
  return [...exceptions, ...acceptedRisks];
}

const inShort = ({ level, policy, message }: Diagnostic): string =>
  policy === "excused-violations" ? `${level} ${policy}` : `${level} ${policy}: ${message}`;
