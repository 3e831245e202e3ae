import { die } from "../api/errors";
import type { Pmxcfs } from "../state/types";

/** The groups that a user is in, sorted. */
export function groupsOf({ groups = {} }: Pmxcfs, userid: string): string[] {
  return Object.keys(groups)
    .filter((name) => groups[name]?.users.includes(userid))
    .sort();
}

/** Puts a user into groups, all of which must exist. */
export function joinGroups({ groups = {} }: Pmxcfs, userid: string, names: string[]): void {
  const unknown = names.find((name) => !groups[name]);
  if (unknown !== undefined) throw die(`no such group '${unknown}'`);
  for (const name of names) {
    const users = groups[name]?.users;
    if (users && !users.includes(userid)) users.push(userid);
  }
}

export function leaveGroups({ groups = {} }: Pmxcfs, userid: string): void {
  for (const group of Object.values(groups)) {
    group.users = group.users.filter((user) => user !== userid);
  }
}
