/** What a task's UPID says (PVE::Tools::upid_encode). Times are epoch seconds. */
export interface Upid {
  node: string;
  pid: number;
  pstart: number;
  starttime: number;
  type: string;
  id: string;
  user: string;
}

export function encodeUpid(upid: Upid): string {
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, "0");
  const { node, pid, pstart, starttime, type, id, user } = upid;
  return `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(starttime)}:${type}:${id}:${user}:`;
}

export function decodeUpid(text: string): Upid | undefined {
  const match =
    /^UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-F]{8}):([0-9A-F]{8,9}):([0-9A-F]{8}):([^:\s/]+):([^:\s/]*):([^:\s/]+):$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, node = "", pid = "", pstart = "", start = "", type = "", id = "", user = ""] = match;
  const number = (hex: string): number => Number.parseInt(hex, 16);
  return {
    node,
    pid: number(pid),
    pstart: number(pstart),
    starttime: number(start),
    type,
    id,
    user,
  };
}
