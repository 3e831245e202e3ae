import { attempt, guestFinder } from "../facts/judge";
import { need } from "../facts/known";
import { managedResources } from "../facts/placement";
import { dataDisks, serverOf, storagesById } from "../facts/storage";
import type { Rule } from "./rule";

/** A box that is vote and disks at once takes both along. */
export const keepWitnessOffDiskHost: Rule = {
  name: "keep-witness-off-disk-host",
  description: "The witness runs on another host than the one that serves the disks of HA guests.",
  enforcementLevel: "advisory",
  severity: "high",
  remedy: "Let another small machine be the witness.",
  judge: (facts) =>
    facts.clusters.flatMap((cluster) =>
      attempt(cluster.urn, `the witness of cluster ${cluster.name}`, () => {
        if (!need(cluster.qdevice, "it is")) return [];
        const witness = need(cluster.witness, "it is");
        if (!witness) return [];
        const own = [witness.name, witness.address].map((one) => one.toLowerCase());
        const storages = storagesById(facts);
        const guests = [...new Set(managedResources(facts).map(guestFinder(facts)))];
        const used = new Set(dataDisks(guests).map(({ storage }) => storage));
        const served = [...used].filter((id) => own.includes(serverOf(storages.get(id)) ?? ""));
        if (served.length === 0) return [];
        const message =
          `cluster ${cluster.name}: the witness ${witness.name} also serves ${served.join(", ")}, where disks of HA guests lie. ` +
          "Without that host these guests hang on every node and the third vote is gone as well. " +
          "Let another host be the witness: site.cluster.witness.";
        return [{ urn: cluster.urn, message }];
      }),
    ),
};
