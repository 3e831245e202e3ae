import { type DraftSite, entries, missing, problem } from "../draft";
import type { Problem } from "../problems";
import { type Described, interfacesOf, isUnreadable, namesIn, SECTIONS } from "./described";
import { GUEST_BRIDGE } from "./names";
import { raisedBy, USUAL_MTU } from "./plan";

type Path = Problem["path"];

/** What Proxmox VE would refuse (PVE::INotify), or ifupdown2 could not do. */
export function interfaces(site: DraftSite): Problem[] {
  return [
    ...names(site),
    ...nodesOfInterfaces(site),
    ...ownOfNodes(site),
    ...bonds(site),
    ...vlanLists(site),
    ...once(
      Object.keys(site.nodes ?? {}).flatMap((node) => {
        const all = interfacesOf(site, node);
        return all.flatMap((one) => [
          ...below(site, one, all, node),
          ...ports(one, all),
          ...vlan(one),
          ...sizes(one, all),
        ]);
      }),
    ),
  ];
}

const at = ({ section, name }: Described): Path => ["network", section, name];

/** The same mistake on every node is told once. */
function once(problems: Problem[]): Problem[] {
  const told = new Set<string>();
  return problems.filter((one) => {
    const key = JSON.stringify(one);
    return !told.has(key) && told.add(key);
  });
}

function names(site: DraftSite): Problem[] {
  const owner = new Map<string, string>();
  return SECTIONS.flatMap((section) =>
    namesIn(site, section).flatMap(([name]) => {
      const path = ["network", section, name];
      if (name === GUEST_BRIDGE) {
        return problem(
          path,
          `${name} has the node's address, is made by the installer, and is left alone; give guests another bridge, or change ` +
            `${name} by hand and leave it out here`,
        );
      }
      const other = owner.get(name);
      owner.set(name, section);
      return other === undefined
        ? []
        : problem(path, `network.${other} has this name too; give each its own`);
    }),
  );
}

function nodesOfInterfaces(site: DraftSite): Problem[] {
  return SECTIONS.flatMap((section) =>
    entries(site.network?.[section]).flatMap(([name, { nodes }]) =>
      (nodes ?? []).flatMap((node, index) =>
        missing(["network", section, name, "nodes", index], "node", node, site.nodes),
      ),
    ),
  );
}

/** What `nodes.NAME.network` says, fits what is described. */
function ownOfNodes(site: DraftSite): Problem[] {
  const { network } = site;
  if (network === undefined) return [];
  return entries(site.nodes).flatMap(([node, { network: own }]) =>
    entries(own).flatMap(([name, given]) => {
      const path = ["nodes", node, "network", name];
      const section = SECTIONS.find((one) => Object.hasOwn(network[one] ?? {}, name));
      if (section === undefined) {
        if (isUnreadable(site, name)) return [];
        return problem(
          path,
          "neither network.bridges nor network.bonds nor network.vlans has this name; describe it there first",
        );
      }
      if (!interfacesOf(site, node).some((one) => one.name === name)) {
        return problem(
          path,
          `network.${section}.${name}.nodes leaves ${node} out; add it there, or take this away`,
        );
      }
      const foreign = { bridges: ["on", "primary"], bonds: ["on"], vlans: ["ports", "primary"] };
      return foreign[section]
        .filter((key) => given[key as "on" | "ports" | "primary"] !== undefined)
        .flatMap((key) => problem([...path, key], `${KINDS[section]} has no ${key}; take it away`));
    }),
  );
}

const KINDS = { bridges: "a bridge", bonds: "a bond", vlans: "a VLAN" };

function bonds(site: DraftSite): Problem[] {
  return entries(site.network?.bonds).flatMap(([name, { mode, primary, hash }]) => {
    const path = ["network", "bonds", name];
    if (mode === undefined) return [];
    return [
      ...(primary === undefined || mode === "active-backup"
        ? []
        : problem(
            [...path, "primary"],
            `only an active-backup bond has a primary card; take it away`,
          )),
      ...(hash === undefined || mode === "802.3ad" || mode === "balance-xor"
        ? []
        : problem([...path, "hash"], `a bond of mode ${mode} has no hash; take it away`)),
    ];
  });
}

function vlanLists(site: DraftSite): Problem[] {
  return entries(site.network?.bridges).flatMap(([name, { vlanAware, vlans }]) =>
    vlans === undefined || vlanAware !== false
      ? []
      : problem(
          ["network", "bridges", name, "vlans"],
          "a bridge that is not VLAN-aware lets all of them through; write vlanAware: true, or take this away",
        ),
  );
}

/** What it lies on is a network card, or something that is there on the same node. */
function below(site: DraftSite, one: Described, all: Described[], node: string): Problem[] {
  return one.on.flatMap((name) => {
    const other = all.find((another) => another.name === name);
    const path = one.onPath;
    if (name === one.name || liesOn(other, one.name, all)) {
      return problem(path, `${one.name} would lie on itself; name what is below it`);
    }
    if (one.section === "vlans" && name === GUEST_BRIDGE) return [];
    if (other?.section === "bridges" || name === GUEST_BRIDGE) {
      if (one.section === "vlans") return [];
      return problem(
        path,
        `${name} is a bridge, which is no port; name a network card, a bond or a VLAN`,
      );
    }
    if (one.section === "bonds" && other) {
      return problem(path, `${name} is no network card; a bond binds network cards`);
    }
    if (other || isUnreadable(site, name) || !/\.|^(bond|vmbr|vlan)\d+$/.test(name)) return [];
    return problem(
      path,
      `nothing describes ${name} on ${node}; describe it in network.bonds or network.vlans, for that node too`,
    );
  });
}

function liesOn(one: Described | undefined, name: string, all: Described[], depth = 0): boolean {
  if (one === undefined || depth > all.length) return false;
  return one.on.some(
    (below) =>
      below === name ||
      liesOn(
        all.find((other) => other.name === below),
        name,
        all,
        depth + 1,
      ),
  );
}

/** A port belongs to one bridge or bond, and has no address of its own. */
function ports(one: Described, all: Described[]): Problem[] {
  if (one.section === "vlans") return [];
  const earlier = all.slice(0, all.indexOf(one)).filter(({ section }) => section !== "vlans");
  return [
    ...one.on.flatMap((port) => {
      const other = earlier.find(({ on }) => on.includes(port));
      if (other) {
        return problem(
          one.onPath,
          `${port} is also a port of ${at(other).join(".")}; it can be in one of them only`,
        );
      }
      const below = all.find(({ name }) => name === port);
      return below?.address === undefined
        ? []
        : problem(
            one.onPath,
            `${port} has an address, and so cannot be a port; give it to ${one.name}`,
          );
    }),
    ...(one.primary === undefined || one.on.length === 0 || one.on.includes(one.primary)
      ? []
      : problem(
          [...at(one), "primary"],
          `${one.primary} is none of its ports, ${one.on.join(", ")}`,
        )),
  ];
}

/** Some names say by themselves what a VLAN is (interfaces(5) of ifupdown2). */
function vlan(one: Described): Problem[] {
  const { section, name, id } = one;
  const [on] = one.on;
  if (section !== "vlans" || on === undefined || id === undefined) return [];
  const [, base, number = ""] = /^(?:(.+)\.|vlan)(\d+)$/.exec(name) ?? [];
  if (number !== "" && Number(number) !== id) {
    return problem(
      [...at(one), "id"],
      `${id} is not what the name ${name} says; correct one of them`,
    );
  }
  if (base !== undefined && base !== on) {
    return problem(
      one.onPath,
      `the name ${name} says that it runs over ${base}, not over ${on}; call it vlan${id}, or correct one of them`,
    );
  }
  return [];
}

function sizes(one: Described, all: Described[]): Problem[] {
  if (one.on.includes(GUEST_BRIDGE) && (one.mtu ?? raisedBy(one.name, all) ?? 0) > USUAL_MTU) {
    return problem(
      [...at(one), "mtu"],
      `${GUEST_BRIDGE}, which it runs over, is left at ${USUAL_MTU}; write ${USUAL_MTU} or less, or use another interface`,
    );
  }
  const raised = raisedBy(one.name, all);
  if (one.mtu === undefined || raised === undefined || one.mtu >= raised) return [];
  return problem(
    [...at(one), "mtu"],
    `what lies on it has an MTU of ${raised}; write ${raised} or more, or make that smaller`,
  );
}
