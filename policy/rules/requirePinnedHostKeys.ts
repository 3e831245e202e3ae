import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

export const requirePinnedHostKeys: Rule = {
  name: "require-pinned-host-keys",
  description: "Commands over SSH know their hosts by key.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Set connection.hostKey, and that of a proxy, to the host's public key.",
  judge: ({ connections }) =>
    connections.flatMap(({ urn, name, pinned }) =>
      attempt(urn, `the host key of command ${name}`, () => {
        if (need(pinned, "its connection is")) return [];
        const message =
          `command ${name} connects to any host that answers, and hands it what it sends, secrets too. ` +
          "Set connection.hostKey (and that of a proxy): ssh-keyscan shows it, compare it on the host.";
        return [{ urn, message }];
      }),
    ),
};
