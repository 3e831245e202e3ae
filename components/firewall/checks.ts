import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import type { Problem } from "../problems";
import { isInNetwork, parseCidr } from "../values";
import { LIFELINES } from "./lifelines";
import type { FirewallRule, GroupRule } from "./schema";
import { familyOf, isRange } from "./values";

type Path = Problem["path"];
type DraftRule = Draft<FirewallRule | GroupRule>;
type Lists = readonly (DraftRule | undefined)[] | undefined;

/** What must hold between the firewall's names, rules, and the rest of the file. */
export function firewalls(site: DraftSite): Problem[] {
  return [
    ...names(site),
    ...ownNames(site),
    ...members(site),
    ...blacklist(site),
    ...ruleLists(site).flatMap(({ path, rules }) => [
      ...references(site, path, rules),
      ...neverAsked(path, rules),
    ]),
    ...withoutSite(site),
    ...filters(site),
  ];
}

/** A name in a rule must have one meaning. */
function names({ firewall, nodes, hosts }: DraftSite): Problem[] {
  const owner = new Map<string, string>();
  const sections = [
    ["nodes", nodes],
    ["hosts", hosts],
    ["firewall.aliases", firewall?.aliases],
    ["firewall.sets", firewall?.sets],
  ] as const;
  return sections.flatMap(([section, content]) =>
    Object.keys(content ?? {}).flatMap((name) => {
      const other = owner.get(name.toLowerCase());
      owner.set(name.toLowerCase(), other ?? section);
      // Nodes and hosts have a check of their own.
      if (other === undefined || section === "nodes" || section === "hosts") return [];
      return problem(
        [...section.split("."), name],
        `${other} has this name too, and rules name both; give this one another`,
      );
    }),
  );
}

/** Names that mean something to Proxmox VE, or are ours. */
function ownNames({ firewall }: DraftSite): Problem[] {
  const sets = Object.keys(firewall?.sets ?? {}).flatMap((name) => {
    const path = ["firewall", "sets", name];
    if (name === "management") {
      return problem(
        path,
        "firewall.management says who administers the nodes; move its entries there",
      );
    }
    return /^ipfilter-net/.test(name)
      ? problem(
          path,
          "Proxmox VE takes such a set for the addresses of a guest; give it another name",
        )
      : [];
  });
  const taken = Object.hasOwn(firewall?.groups ?? {}, LIFELINES)
    ? problem(
        ["firewall", "groups", LIFELINES],
        "the group of what the site needs has this name; give this one another",
      )
    : [];
  return [...sets, ...taken];
}

/** Entries of `management` and of sets. */
function members(site: DraftSite): Problem[] {
  const { firewall } = site;
  const lists = [
    { path: ["firewall", "management"], list: firewall?.management ?? [], zero: true },
    ...entries(firewall?.sets).map(([name, list]) => ({
      path: ["firewall", "sets", name],
      list,
      zero: false,
    })),
  ];
  return lists.flatMap(({ path, list, zero }) =>
    list.flatMap((entry, index) => {
      if (entry === undefined) return [];
      const at = [...path, index];
      if (!zero && /\/0+$/.test(entry)) {
        return problem(
          at,
          `${entry} is every address, which no set may have; leave from or to out`,
        );
      }
      return unknownPlace(site, at, entry, false);
    }),
  );
}

/** The set `blacklist` is asked before every rule, and so before those that keep the site alive. */
function blacklist(site: DraftSite): Problem[] {
  const list = site.firewall?.sets?.blacklist ?? [];
  const needed = [...entries(site.nodes), ...entries(site.hosts)].flatMap(([name, { address }]) =>
    address === undefined ? [] : [{ name, address }],
  );
  const management = (site.firewall?.management ?? []).filter((one) => one !== undefined);
  return list.flatMap((entry, index) => {
    if (entry === undefined) return [];
    const network = entry.includes("/") ? entry : `${entry}/32`;
    const hit = needed.find(({ name, address }) => name === entry || isInNetwork(address, network));
    const [at] = management.filter(
      (one) =>
        one === entry ||
        isInNetwork(one.split("/")[0] ?? "", network) ||
        isInNetwork(entry.split("/")[0] ?? "", one.includes("/") ? one : `${one}/32`),
    );
    const who = hit ? `${hit.name}, which the site needs` : at && `${at} of firewall.management`;
    if (!who) return [];
    return problem(
      ["firewall", "sets", "blacklist", index],
      `${entry} would shut out ${who}; what is in this set is dropped before any rule`,
    );
  });
}

/** Every list of rules in the file. */
function ruleLists({ firewall, nodes, guests }: DraftSite): { path: Path; rules: Lists }[] {
  return [
    { path: ["firewall", "rules"], rules: firewall?.rules },
    ...entries(firewall?.groups).map(([name, rules]) => ({
      path: ["firewall", "groups", name],
      rules,
    })),
    ...entries(nodes).map(([name, { firewall: own }]) => ({
      path: ["nodes", name, "firewall", "rules"],
      rules: own?.rules,
    })),
    ...entries(guests).map(([key, { firewall: own }]) => ({
      path: ["guests", key, "firewall", "rules"],
      rules: own?.rules,
    })),
  ];
}

function references(site: DraftSite, path: Path, rules: Lists): Problem[] {
  return (rules ?? []).flatMap((rule, index) => {
    if (!rule) return [];
    const at = [...path, index];
    const group = "group" in rule ? rule.group : undefined;
    return [
      ...missing([...at, "group"], "group", group, named(site, "groups")),
      ...(["from", "to"] as const).flatMap((key) => {
        const said = rule[key];
        if (said === undefined) return [];
        if (!Array.isArray(said)) return unknownPlace(site, [...at, key], said, true);
        return said.flatMap((one, place) =>
          one === undefined ? [] : unknownPlace(site, [...at, key, place], one, true),
        );
      }),
      ...oneFamily(site, at, rule),
    ];
  });
}

function unknownPlace(site: DraftSite, path: Path, name: string, rule: boolean): Problem[] {
  if (familyOf(name) !== undefined || isRange(name)) return [];
  const { nodes, hosts } = site;
  if ([nodes, hosts].some((section) => section && Object.hasOwn(section, name))) return [];
  if (aliasOf(site, name) !== undefined) return [];
  if (Object.hasOwn(site.firewall?.sets ?? {}, name)) {
    return rule ? [] : problem(path, `${name} is a set, which cannot be in here; name its entries`);
  }
  // A section with a fault may have it.
  if (!nodes || !hosts || !named(site, "aliases") || !named(site, "sets")) return [];
  const kinds = rule ? "alias, set, node or host" : "alias, node or host";
  return problem(path, `there is no ${kinds} "${name}"; write an address, or correct the name`);
}

/** A part of the section; undefined where it has a fault. */
function named({ firewall }: DraftSite, part: "aliases" | "sets" | "groups"): object | undefined {
  return firewall && part in firewall ? firewall[part] : {};
}

function aliasOf({ firewall }: DraftSite, name: string): string | undefined {
  return entries(firewall?.aliases).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Proxmox VE takes no rule from IPv4 to IPv6. */
function oneFamily(site: DraftSite, path: Path, rule: DraftRule): Problem[] {
  const [from, to] = ([rule.from, rule.to] as const).map((said) =>
    [said].flat().flatMap((one) => {
      if (one === undefined) return [];
      const set = site.firewall?.sets && Object.hasOwn(site.firewall.sets, one);
      return set ? [4, 6] : [familyOf(aliasOf(site, one) ?? one) ?? 4];
    }),
  );
  if (!from?.length || !to?.length || from.some((family) => to.includes(family))) return [];
  return problem(
    [...path, "to"],
    "from and to are one IPv4, the other IPv6; write both in one of them",
  );
}

/** After a rule that fits everything of its direction no other is asked. */
function neverAsked(path: Path, rules: Lists): Problem[] {
  const last = new Map<string, number>();
  return (rules ?? []).flatMap((rule, index) => {
    const direction = rule?.in !== undefined ? "in" : "out";
    if (!rule || rule.disabled || rule[direction] === undefined) return [];
    const earlier = last.get(direction);
    if (earlier !== undefined) {
      return problem(
        [...path, index],
        `it is never asked, as rule ${earlier} of this list fits every packet that goes ${direction}; move it before that one`,
      );
    }
    const limits = ["macro", "protocol", "port", "from", "to", "interface"];
    if (limits.every((key) => !(key in rule) || rule[key as keyof DraftRule] === undefined)) {
      last.set(direction, index);
    }
    return [];
  });
}

/** The firewalls of nodes and guests count only where the site has one. */
function withoutSite(site: DraftSite): Problem[] {
  // A hole is a section with a fault.
  if ("firewall" in site) return [];
  return (["nodes", "guests"] as const).flatMap((section) =>
    entries<{ firewall?: unknown }>(site[section])
      .filter(([, { firewall }]) => firewall !== undefined)
      .flatMap(([key]) =>
        problem(
          [section, key, "firewall"],
          "the site has none, and so this does nothing; write the section firewall",
        ),
      ),
  );
}

/** Proxmox VE knows the addresses of containers that have fixed ones; any other guest would be cut off. */
function filters({ guests }: DraftSite): Problem[] {
  return entries(guests).flatMap(([key, guest]) => {
    if (guest.firewall?.ipFilter !== true) return [];
    if (guest.type === "container") {
      const cards = guest.networks ?? [guest];
      if (cards.every((card) => parseCidr(card?.address ?? "") !== undefined)) return [];
    }
    return problem(
      ["guests", key, "firewall", "ipFilter"],
      "Proxmox VE does not know this guest's address and would drop all that it sends; take it out, or give a container a fixed address",
    );
  });
}
