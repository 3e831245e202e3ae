import type { Layout } from "../../../lab/reference";
import { freshState } from "../../../lab/state/initial";
import type { LabState } from "../../../lab/state/types";
import { PASSWORD, START } from "../../lab/support/lab";

/** The reference site's hosts as their installers leave them, or other ones. */
export function hosts(layout: Partial<Layout>): Promise<LabState> {
  let port = 20_000;
  return freshState({
    password: PASSWORD,
    authorizedKey: "ssh-ed25519 AAAA lab",
    nextPort: () => Promise.resolve(port++),
    now: START,
    layout: { bare: [], extra: [], without: [], ...layout },
  });
}
