import type { Finding } from "./findings";

/** Who may log in to the cluster, and with what, as it tells itself. */
export interface Logins {
  users: { id: string; enabled: boolean; expires: number }[];
  realms: { id: string; type: string; demands: boolean }[];
  /** Whoever has second factors, with those that are switched on and off. */
  factors: { user: string; on: number; off: number }[];
}

/** As components/access calls the users of stacks. */
const STACK = /^proxmox-ha-.*@pve$/;

const REMEDY =
  "they add one themselves, in the web interface: their name at the top right, TFA (or Datacenter, Permissions, Two Factor); " +
  "or the realm demands one: Datacenter, Permissions, Realms, Require TFA, and then nobody of it logs in without; " +
  "who needs none stands under proxmox-ha:unmanaged, with the reason";

/**
 * Users who log in with no more than a password. One of an OpenID provider is left out, because the provider asks for
 * what it wants; so is an account of a stack, which has a token and no password.
 *
 * @param now in epoch seconds
 */
export function withoutFactor(
  { users, realms, factors }: Logins,
  accepted: ReadonlySet<string>,
  now: number,
): Finding[] {
  return users.flatMap(({ id, enabled, expires }): Finding[] => {
    const realm = realms.find((one) => one.id === id.slice(id.lastIndexOf("@") + 1));
    const mayLogIn = enabled && (expires === 0 || expires > now) && realm !== undefined;
    if (!mayLogIn || realm.type === "openid" || realm.demands) return [];
    if (STACK.test(id) || accepted.has(`user/${id}`)) return [];
    const own = factors.find(({ user }) => user === id);
    if (own && own.on > 0) return [];
    const what = own
      ? "logs in with a password alone: every second factor is switched off"
      : "logs in with a password alone: there is no second factor";
    return [{ kind: "factor", resource: `user/${id}`, what, remedy: REMEDY }];
  });
}
