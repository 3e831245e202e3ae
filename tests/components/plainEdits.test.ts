import { secret } from "@pulumi/pulumi";
import { parse, parseDocument } from "yaml";
import { build } from "../../components/build";
import { planSite } from "../../components/plan";
import { parseSite } from "../../components/site";
import { useConnections } from "./support/connections";
import { plain, register, type Registered } from "./support/pulumi";
import { EVERYTHING, PASSWORD, SETTINGS } from "./support/reference";
import { get, inputsOf, title } from "./support/resources";
import { siteWith } from "./support/site";

const connections = useConnections();

/** What a program would register for a site, by name, in an order that means nothing. */
async function registered(site: unknown): Promise<Registered[]> {
  const plan = planSite(parseSite(site), SETTINGS);
  const all = await register(() => build(plan, connections, () => secret(PASSWORD)));
  return all.sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

const asText = (resources: Registered[]): Map<string, string> =>
  new Map(resources.map((one) => [one.urn, JSON.stringify(sorted(plain(one)))]));

/** Resources that are new, gone or another. */
function touched(before: Registered[], after: Registered[]): string[] {
  const [old, now] = [asText(before), asText(after)];
  return [...before, ...after]
    .filter(({ urn }, index, all) => all.findIndex((one) => one.urn === urn) === index)
    .filter(({ urn }) => old.get(urn) !== now.get(urn))
    .map(title);
}

/** Dependencies come in any order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [
        key,
        key === "dependencies" ? [...(inner as string[])].sort() : sorted(inner),
      ])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

/** Lists whose order means something, by their paths. */
const ORDERED: RegExp[] = [
  // The first that fits decides.
  /(^|\.)rules$/,
];

function backwards(value: unknown, path: string[] = []): unknown {
  if (Array.isArray(value)) {
    const inner = value.map((one, index) => backwards(one, [...path, String(index)]));
    return ORDERED.some((ordered) => ordered.test(path.join("."))) ? inner : inner.reverse();
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, backwards(inner, [...path, key])] as const)
      .reverse(),
  );
}

const whole = siteWith(EVERYTHING);
let before: Registered[];
beforeAll(async () => {
  before = await registered(whole);
});

describe("a plain edit of the site file touches no resource", () => {
  it("when the keys of every mapping and the entries of every list change places", async () => {
    expect(touched(before, await registered(backwards(whole)))).toEqual([]);
  });

  it("when comments and white space change", async () => {
    const document = parseDocument(JSON.stringify(whole));
    document.commentBefore = " another comment";
    const text = document.toString({ lineWidth: 40, indent: 4 });
    expect(text).toContain("another comment");
    expect(touched(before, await registered(parse(text)))).toEqual([]);
  });

  it("when what is left out is written down as it is anyway", async () => {
    const said = siteWith({
      ...EVERYTHING,
      "guests.ubuntu.protection": false,
      "guests.ubuntu.ha": { state: "started", maxRestart: 1, failback: true },
      "cluster.packages": "no-subscription",
      "migration.type": "insecure",
    });
    expect(touched(before, await registered(said))).toEqual([]);
  });
});

describe("an edit of words", () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ["a guest's notes", { "guests.ubuntu.notes": "New words." }, "VmLegacy ubuntu", "description"],
    ["a pool's comment", { "pools.office.comment": "New." }, "PoolLegacy office", "comment"],
  ])("changes %s there and nothing else", async (_what, change, wanted, property) => {
    const after = await registered(siteWith({ ...EVERYTHING, ...change }));
    expect(touched(before, after)).toEqual([wanted]);
    const { [property]: _, ...others } = inputsOf(after, wanted);
    expect(inputsOf(before, wanted)).toMatchObject(others);
  });
});

describe("a guest that gets another key", () => {
  const { ubuntu, win2016, ...guests } = (
    whole as { guests: Record<string, Record<string, unknown>> }
  ).guests;
  const renamed = {
    ...EVERYTHING,
    ...{ guests, "ha.together": {}, "ha.apart": {}, backups: {}, copies: {} },
    "guests.debian": { ...ubuntu, renamedFrom: "ubuntu" },
    "guests.windows": { ...win2016, renamedFrom: "win2016" },
  };

  it("is the same to Pulumi with all that is named after it", async () => {
    const after = await registered(siteWith(renamed));
    const isNamedAfter = ({ name }: Registered): boolean => /(ubuntu|win2016)$/.test(name);
    // A component's own resource has its name, and the engine looks for it under the component's old one.
    const own = before.filter(isNamedAfter).filter(({ type }) => !/:Vm\w*$/.test(type));
    const known = new Set(after.flatMap((one) => one.aliases.map((name) => `${one.type} ${name}`)));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter(({ type, name }) => !known.has(`${type} ${name}`)).map(title)).toEqual([]);
    expect(get(after, "VmLegacy debian").inputs).toMatchObject({ vmId: 101, name: "debian" });
  });
});
