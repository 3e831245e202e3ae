import { UNKNOWN } from "../../policy/facts/known";
import { sidOf } from "../../policy/facts/placement";
import type { Named, SiteFacts } from "../../policy/facts/site";
import type { Change, Operation } from "./read";

/** What an update does, by the URN of what a reader sees changing: an HA resource is a part of its guest. */
export function marksOf(
  changes: Change[],
  before: SiteFacts,
  after: SiteFacts,
): Map<string, Operation> {
  const guests = new Map(
    [...before.guests, ...after.guests]
      .filter(({ vmid }) => vmid !== UNKNOWN)
      .map((guest) => [sidOf(guest), guest.urn]),
  );
  const owners = new Map(
    [...before.haResources, ...after.haResources].flatMap(({ urn, sid }) => {
      const guest = sid === UNKNOWN ? undefined : guests.get(sid);
      return guest === undefined ? [] : [[urn, guest] as const];
    }),
  );
  const marks = new Map<string, Operation>();
  for (const { urn, operation } of changes) {
    const owner = owners.get(urn);
    if (owner !== undefined && !marks.has(owner)) marks.set(owner, "update");
    if (owner === undefined) marks.set(urn, operation);
  }
  return marks;
}

/** What is there after the update, each with its mark, then what is deleted, as it was. */
export function merged<Fact extends Named>(
  before: Fact[],
  after: Fact[],
  marks: Map<string, Operation>,
): { fact: Fact; mark: Operation | undefined }[] {
  const there = new Set(after.map(({ urn }) => urn));
  return [
    ...after.map((fact) => ({ fact, mark: marks.get(fact.urn) })),
    ...before
      .filter(({ urn }) => !there.has(urn) && marks.get(urn) === "delete")
      .map((fact) => ({ fact, mark: "delete" as const })),
  ];
}
