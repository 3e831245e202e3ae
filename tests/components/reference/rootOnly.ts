import { ROOT_ONLY } from "../../../components/guest/rootOnly";
import { withTable } from "./pageTable";

/** `docs/configuration.md` with its table of what only root@pam may set. */
export function withRootOnly(page: string): string {
  const rows = ROOT_ONLY.map(({ option, guest, reason }) => [option, guest, reason]);
  return withTable(page, ["option", "guest", "why root@pam alone may set it"], rows);
}
