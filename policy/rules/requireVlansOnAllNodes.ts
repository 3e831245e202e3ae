import { judgeHaGuests, nodesFor } from "../facts/judge";
import { need } from "../facts/known";
import { whyNoVlan } from "../facts/vlans";
import type { Rule } from "./rule";

/** A bridge of the same name is not the same network yet. */
export const requireVlansOnAllNodes: Rule = {
  name: "require-vlans-on-all-nodes",
  description: "An HA guest gets its VLANs on all nodes on which it may run.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Make the bridge alike on each node: vlanAware, vids and the VLANs of its ports.",
  judge: (facts) =>
    judgeHaGuests(facts, "the VLANs", (guest) => {
      const { urn, name } = guest;
      const nics = need(guest.nics, "its network cards are");
      const nodes = nodesFor(facts, guest);
      return nics.flatMap((nic) =>
        whyNoVlan(facts, nic, nodes).map((reason) => ({
          urn,
          message: `HA guest ${name}: ${reason}`,
        })),
      );
    }),
};
