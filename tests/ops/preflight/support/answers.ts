import { members, report, STANDALONE } from "../../../toolchain/launcher/support/reports";
import { type Answer, type StandInHost, startHost } from "../../../toolchain/launcher/support/node";

/** A host that answers what a preflight asks. */
export interface Asked extends StandInHost {
  /** Undefined: it does not know who it is. */
  identity: string;
  /** What its check says. */
  check: Answer;
  /** What any other script says. */
  others: Answer;
  /** What the launcher learns. */
  probe: string;
}

export const identityOf = (name: string, membersFile = members(true), offset = 0): string =>
  `clock ${((Date.now() + offset) / 1000).toFixed(9)}\nmachine ${name}\nboot ${name}\n${membersFile}`;

/** As a member of the reference site's cluster answers, until something else is set. */
export async function startAsked(name: string): Promise<Asked> {
  const host: Asked = Object.assign(
    await startHost((command) => {
      if (command.includes("boot_id")) return { stdout: host.identity };
      if (/ cluster-check(Witness)? apply$/.test(command)) return host.check;
      if (command.startsWith("flock")) return host.others;
      return { stdout: host.probe };
    }),
    { identity: "", check: {}, others: {}, probe: "" },
  );
  reset(host, name);
  return host;
}

export function reset(host: Asked, name: string): void {
  host.identity = identityOf(name, name === "nas" ? "" : undefined);
  host.check = { stdout: `state\t${name === "nas" ? "witness" : "member"}\n` };
  host.others = {};
  host.probe = report({});
  host.commands.length = 0;
  host.inputs.length = 0;
}

/** It is a node in no cluster. */
export function leave(host: Asked, name: string): void {
  host.identity = identityOf(name, STANDALONE);
  host.check = { stdout: "state\tinstalled\nwill\tjoin cluster mizar\n" };
  host.probe = report({ members: STANDALONE });
}
