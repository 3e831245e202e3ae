import fc from "fast-check";
import { REALISTIC } from "../../../../lab/guests/traits";
import { type Action, anyAction } from "./actions";
import { heal } from "./heal";
import type { Saved } from "./journal";
import { perform } from "./perform";
import { seed, type SiteKind } from "./seeds";
import { World } from "./world";

/** How the HA resources of a site are to be handled. */
export interface Wishes {
  resources: { sid: string; max_restart: number; max_relocate: number; failback: boolean }[];
  rule: keyof typeof RULES;
  /** Guests take their time, and so does what is sent. */
  slow: boolean;
}

const RULES = {
  none: undefined,
  strict: { type: "node-affinity", resources: "vm:100", nodes: "pve01", strict: 1 },
  preferred: { type: "node-affinity", resources: "vm:100,ct:102", nodes: "pve01:2,pve02:1" },
  apart: { type: "resource-affinity", resources: "vm:100,vm:101", affinity: "negative" },
  together: { type: "resource-affinity", resources: "vm:100,ct:102", affinity: "positive" },
} as const;

export interface Schedule {
  wishes: Wishes;
  actions: Action[];
}

export function anySchedule(kind: SiteKind): fc.Arbitrary<Schedule> {
  const nodes = kind === "three nodes" ? ["pve01", "pve02", "pve03"] : ["pve01", "pve02"];
  const resource = (sid: string) =>
    fc.record({
      sid: fc.constant(sid),
      max_restart: fc.nat(2),
      max_relocate: fc.nat(2),
      failback: fc.boolean(),
    });
  const resources = fc
    .tuple(
      resource("vm:100"),
      resource("vm:101"),
      resource("ct:102"),
      fc.option(resource("vm:103")),
    )
    .map((all) => all.filter((one) => one !== null));
  const rule = fc.constantFrom(...(Object.keys(RULES) as Wishes["rule"][]));
  return fc.record({
    wishes: fc.record({ resources, rule, slow: fc.boolean() }),
    actions: fc.array(anyAction(nodes, kind === "two nodes and a QDevice"), {
      minLength: 1,
      maxLength: 24,
      size: "max",
    }),
  });
}

const seeds = new Map<SiteKind, Promise<Saved>>();

/** Runs one schedule on a fresh site and heals it. Returns what went wrong, and how long it took on the site. */
export async function run(kind: SiteKind, { wishes, actions }: Schedule): Promise<World> {
  const saved = seeds.get(kind) ?? seed(kind);
  seeds.set(kind, saved);
  const world = new World(await saved);
  await prepare(world, wishes);
  for (const action of actions) {
    await perform(world, action);
    if (world.problems.length > 0) return world;
  }
  await heal(world);
  if (world.problems.length === 0) {
    await world.restart("kill");
    await world.advance(30);
  }
  return world;
}

async function prepare(world: World, { resources, rule, slow }: Wishes): Promise<void> {
  if (slow) {
    world.state.traits = { ...REALISTIC };
    for (const host of Object.values(world.state.hosts)) host.linkMbit = 1000;
  }
  for (const { failback, ...params } of resources) {
    await world.api("pve01", "POST", "/cluster/ha/resources", {
      ...params,
      failback: failback ? 1 : 0,
    });
  }
  const wanted = RULES[rule];
  if (wanted) await world.api("pve01", "POST", "/cluster/ha/rules", { rule: "ours", ...wanted });
}
