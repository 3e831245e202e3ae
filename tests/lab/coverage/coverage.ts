import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ENDPOINTS } from "../../../lab/api/endpoints";
import { CLUSTER_AREAS } from "../../../lab/coverage/clusterAreas";
import { GUEST_AREAS } from "../../../lab/coverage/guestAreas";
import type { Coverage } from "../../../lab/coverage/render";
import { NODE_COMMANDS, SYSTEM_COMMANDS } from "../../../lab/ssh/commands";

export const ROOT = join(__dirname, "../../..");
export const PAGE = join(ROOT, "lab/COVERAGE.md");
const SCENARIOS = join(ROOT, "tests/scenarios/ha");

/** What there is to say of the lab as it is now. */
export function coverage(): Coverage {
  return {
    areas: [...CLUSTER_AREAS, ...GUEST_AREAS],
    endpoints: ENDPOINTS,
    commands: {
      "a host, as its packages bring them": Object.keys(SYSTEM_COMMANDS),
      "a node besides": Object.keys(NODE_COMMANDS),
    },
    scenarios: readdirSync(SCENARIOS).map((name) => ({
      name,
      text: readFileSync(join(SCENARIOS, name, "README"), "utf8"),
    })),
  };
}
