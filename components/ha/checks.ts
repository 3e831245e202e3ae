import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import type { Problem } from "../problems";
import type { Guest } from "../schema";

export function startOfHaGuests({ guests }: DraftSite): Problem[] {
  return entries(guests)
    .filter(([, { ha, start }]) => ha && ha.state !== "ignored" && start)
    .flatMap(([key]) =>
      problem(
        ["guests", key, "start"],
        "the HA manager starts this guest, and follows no order; take start away",
      ),
    );
}

/** What release 8 does not have. */
export function newInRelease9({ cluster, ha }: DraftSite): Problem[] {
  if (cluster?.release !== 8) return [];
  const lists = (["together", "apart"] as const).flatMap((section) =>
    entries(ha?.[section]).flatMap(([name]) =>
      problem(
        ["ha", section, name],
        "Proxmox VE 8 has no such groups; take this out until the cluster is on release 9",
      ),
    ),
  );
  return ha?.scheduling === "dynamic"
    ? [
        ...lists,
        ...problem(["ha", "scheduling"], "Proxmox VE 8 has no dynamic; write basic or static"),
      ]
    : lists;
}

type Section = "together" | "apart";

/** One of the lists in `ha.together` and `ha.apart`. */
interface Group {
  section: Section;
  path: string[];
  /** The guests as the file names them, with their places in the list. */
  members: { key: string; path: Problem["path"]; guest: Draft<Guest> | undefined }[];
}

/** Rules that Proxmox VE would refuse, because they contradict each other or what guests say (PVE::HA::Rules). */
export function affinities(site: DraftSite): Problem[] {
  const groups = [...groupsOf(site, "together"), ...groupsOf(site, "apart")];
  return [
    ...groups.flatMap((group) => membersExist(site, group)),
    ...groups.flatMap((group) => preferenceOfMembers(group)),
    ...groups.flatMap((group) => placesOf(site, group)),
    ...names(groups),
    ...overlaps(groups),
  ];
}

function groupsOf(site: DraftSite, section: Section): Group[] {
  return entries(site.ha?.[section]).map(([name, keys]) => ({
    section,
    path: ["ha", section, name],
    members: keys.flatMap((key, index) =>
      key === undefined
        ? []
        : [{ key, path: ["ha", section, name, index], guest: guestOf(site, key) }],
    ),
  }));
}

function guestOf({ guests }: DraftSite, key: string): Draft<Guest> | undefined {
  return guests && Object.hasOwn(guests, key) ? guests[key] : undefined;
}

function membersExist(site: DraftSite, { members }: Group): Problem[] {
  return members.flatMap(({ key, path, guest }) => [
    ...missing(path, "guest", key, site.guests),
    ...(guest && guest.ha === undefined && !("ha" in guest)
      ? problem(path, `${key} is no HA guest; give guests.${key} an entry ha: {}, or take it out`)
      : []),
  ]);
}

/** Which nodes count depends on who is online, so Proxmox VE takes one priority only in such a rule. */
function preferenceOfMembers({ members }: Group): Problem[] {
  return members.flatMap(({ key, path, guest }) => {
    const priorities = new Set(entries(guest?.ha?.nodes).map(([, priority]) => priority));
    if (priorities.size < 2) return [];
    return problem(
      path,
      `${key} prefers some nodes to others, which cannot be in such a group; give all of guests.${key}.ha.nodes the same number`,
    );
  });
}

function placesOf(site: DraftSite, { section, path, members }: Group): Problem[] {
  const choosy = members.filter(({ guest }) => guest?.ha?.nodes !== undefined);
  const choosers = choosy.map(({ key }) => key).join(" and ");
  if (section === "together") {
    if (choosy.length < 2) return [];
    return problem(path, `${choosers} each name nodes of their own; leave ha.nodes to one of them`);
  }
  const count = Object.keys(site.nodes ?? {}).length;
  if (site.nodes !== undefined && members.length > count) {
    return problem(
      path,
      `${members.length} guests cannot be apart on ${nodes(count)}; take some out, or add nodes`,
    );
  }
  const allowed = new Set(choosy.flatMap(({ guest }) => Object.keys(guest?.ha?.nodes ?? {})));
  if (allowed.size >= choosy.length) return [];
  return problem(
    path,
    `${choosers} cannot be apart on ${[...allowed].join(", ")}; add nodes to their ha.nodes`,
  );
}

const nodes = (count: number): string => (count === 1 ? "1 node" : `${count} nodes`);

/** A group is known to Proxmox VE by its name alone. */
function names(groups: Group[]): Problem[] {
  const together = groups.filter(({ section }) => section === "together");
  return groups
    .filter(
      ({ section, path }) =>
        section === "apart" && together.some((other) => other.path[2] === path[2]),
    )
    .flatMap(({ path }) =>
      problem(path, `ha.together has a group of this name too; give this one another`),
    );
}

function overlaps(groups: Group[]): Problem[] {
  const together = groups.filter(({ section }) => section === "together");
  return groups.flatMap((group, index) =>
    together.slice(0, group.section === "together" ? index : undefined).flatMap((other) => {
      const keys = other.members.map(({ key }) => key);
      const shared = group.members.filter(({ key }) => keys.includes(key));
      const where = other.path.join(".");
      if (group.section === "together") {
        return shared.flatMap(({ key, path }) =>
          problem(path, `${key} is also in ${where}; make one group of both`),
        );
      }
      if (shared.length < 2) return [];
      const both = shared.map(({ key }) => key).join(" and ");
      return problem(group.path, `${both} are together in ${where}; decide for one of both`);
    }),
  );
}
