/** The mark by which the project knows its guests. It stands in their notes from the create call on. */
export interface Mark {
  stack: string;
  urn: string;
  /** Volume of the template that a container was made from. */
  from?: string;
}

export function markedNotes(notes: string, mark: Mark): string {
  const from = mark.from ? ` from ${mark.from}` : "";
  const line = `Managed by Pulumi, stack ${mark.stack}: ${mark.urn}${from}`;
  return notes === "" ? line : `${notes}\n\n${line}`;
}

const MARK = /^Managed by Pulumi, stack (\S+): (urn:pulumi:\S+)(?: from (\S+))?$/gm;

/** The mark in a guest's notes, if it carries one. Ours is the last: what stands before it is the operator's. */
export function readMark(notes: string): Mark | undefined {
  const match = [...notes.matchAll(MARK)].at(-1);
  if (!match) return undefined;
  const [, stack = "", urn = "", from] = match;
  return { stack, urn, ...(from ? { from } : {}) };
}
