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

/** The mark in a guest's notes, if it carries one. */
export function readMark(notes: string): Mark | undefined {
  const match = /^Managed by Pulumi, stack (\S+): (urn:pulumi:\S+)(?: from (\S+))?$/m.exec(notes);
  if (!match) return undefined;
  const [, stack = "", urn = "", from] = match;
  return { stack, urn, ...(from ? { from } : {}) };
}
