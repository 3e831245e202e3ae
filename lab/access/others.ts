import type { Call } from "../api/endpoint";
import { badParameters, die, PveError } from "../api/errors";
import { groupsOf } from "./groups";

/** Of others, a caller sees those whom it manages or audits. */
export function whoIsSeen({ site, node, caller }: Call): (userid: string) => boolean {
  const config = site.pmxcfs(node);
  const manages = (path: string): boolean =>
    ["User.Modify", "Sys.Audit"].some((privilege) =>
      site.access.holds(node, caller, path, privilege),
    );
  const everyone = manages("/access/groups");
  return (userid) =>
    everyone ||
    userid === caller.name ||
    groupsOf(config, userid).some((group) => manages(`/access/groups/${group}`));
}

/** Only root changes how somebody logs in without telling a password of its own (reauth_user_for_user_modification). */
export function requireOwnPassword({ site, node, caller, params }: Call, parameter: string): void {
  const userid = String(params.userid);
  site.access.user(node, userid);
  if (caller.name === "root@pam") return;
  if (userid === "root@pam") throw new PveError(403, "Permission check failed");
  const own = params[parameter];
  if (own === undefined) {
    throw badParameters({ [parameter]: "password is required to modify user" });
  }
  if (!site.access.passwordFits(node, caller.name, String(own))) throw die("invalid credentials");
}
