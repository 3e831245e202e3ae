import { listed, newRecoveryKeys, newTotp } from "../../access/factors";
import { requireOwnPassword, whoIsSeen } from "../../access/others";
import { changeUserConfig } from "../../access/userConfig";
import { seconds } from "../../seams/clock";
import type { UserFactors } from "../../state/settings";
import { clusterFile } from "../clusterFile";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die, PveError } from "../errors";
import { choice, flag, optional, standard, text } from "../schema";

const ownOrSeen: Permissions = {
  check: ["or", ["userid-param", "self"], ["userid-group", ["User.Modify", "Sys.Audit"]]],
};
const ownOrManaged: Permissions = {
  check: ["or", ["userid-param", "self"], ["userid-group", ["User.Modify"]]],
};
const { userid } = standard;
const id = text();
const description = optional(text({ maxLength: 255 }));
const password = optional(text({ minLength: 5, maxLength: 64 }));

/** Second factors (PVE::API2::TFA). */
export const accessFactorEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/access/tfa",
    returns: "array",
    parameters: {},
    permissions: { user: "all" },
    handle: (call) => {
      const isSeen = whoIsSeen(call);
      return Object.entries(call.site.pmxcfs(call.node).factors ?? {})
        .filter(([user]) => isSeen(user))
        .map(([user, factors]) => ({ userid: user, entries: listed(factors) }));
    },
  },
  {
    method: "GET",
    path: "/access/tfa/{userid}",
    returns: "array",
    parameters: { userid },
    permissions: ownOrSeen,
    handle: (call) => listed(factorsOf(call)),
  },
  {
    method: "GET",
    path: "/access/tfa/{userid}/{id}",
    returns: "object",
    parameters: { userid, id },
    permissions: ownOrSeen,
    handle: (call) => {
      const found = listed(factorsOf(call)).find((entry) => entry.id === call.params.id);
      if (!found) throw new PveError(404, `No such tfa entry '${call.params.id}'`);
      return found;
    },
  },
  {
    method: "POST",
    path: "/access/tfa/{userid}",
    returns: "object",
    parameters: {
      userid,
      type: choice("totp", "u2f", "webauthn", "recovery", "yubico"),
      description,
      totp: optional(text()),
      value: optional(text()),
      challenge: optional(text()),
      password,
    },
    permissions: ownOrManaged,
    allowtoken: 0,
    handle: (call) => {
      requireOwnPassword(call, "password");
      const config = clusterFile(call, "priv_tfa_cfg");
      const factors = factorsOf(call);
      // Done first, and so also where what follows fails.
      setKeys(call, "x");
      const added = addFactor(call, factors);
      config.factors = { ...config.factors, [String(call.params.userid)]: factors };
      return added;
    },
  },
  {
    method: "PUT",
    path: "/access/tfa/{userid}/{id}",
    returns: "null",
    parameters: { userid, id, description, enable: optional(flag()), password },
    permissions: ownOrManaged,
    allowtoken: 0,
    handle: (call) => {
      requireOwnPassword(call, "password");
      clusterFile(call, "priv_tfa_cfg");
      const { params } = call;
      const found = factorsOf(call).totp.find((entry) => entry.id === params.id);
      if (!found) throw die("no such entry");
      if (params.description !== undefined) found.description = String(params.description);
      if (params.enable !== undefined) found.enable = params.enable === 1;
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/access/tfa/{userid}/{id}",
    returns: "null",
    parameters: { userid, id, password },
    permissions: ownOrManaged,
    allowtoken: 0,
    handle: (call) => {
      requireOwnPassword(call, "password");
      const { factors = {} } = clusterFile(call, "priv_tfa_cfg");
      const own = factorsOf(call);
      if (!listed(own).some((entry) => entry.id === call.params.id)) throw die("no such entry");
      if (call.params.id === "recovery") delete own.recovery;
      own.totp = own.totp.filter((entry) => entry.id !== call.params.id);
      if (listed(own).length > 0) return null;
      delete factors[String(call.params.userid)];
      setKeys(call, undefined);
      return null;
    },
  },
];

function factorsOf({ site, node, params }: Call): UserFactors {
  return site.pmxcfs(node).factors?.[String(params.userid)] ?? { totp: [] };
}

/** That somebody has a second factor is told in user.cfg too. */
function setKeys(call: Call, keys: "x" | undefined): void {
  changeUserConfig(call, "enabling TFA for the user failed", () => {
    const user = call.site.access.user(call.node, String(call.params.userid));
    delete user.keys;
    if (keys !== undefined) user.keys = keys;
  });
}

function addFactor({ site, params }: Call, factors: UserFactors): Record<string, unknown> {
  const { type, totp, value, challenge } = params;
  const now = seconds(site.clock);
  if (type === "recovery") {
    if (totp !== undefined || value !== undefined || challenge !== undefined) {
      throw die("generating recovery tokens does not allow additional parameters");
    }
    if (factors.recovery) throw die("user already has recovery keys");
    const { kept, told } = newRecoveryKeys(now);
    factors.recovery = kept;
    return { id: "recovery", recovery: told };
  }
  if (type !== "totp") throw new PveError(501, `the lab has no factors of type '${type}'`);
  if (challenge !== undefined) {
    throw die("'challenge' parameter is invalid for 'totp' entries");
  }
  if (params.description === undefined) throw die("'description' is required for new entries");
  if (totp === undefined || value === undefined) {
    throw die("'totp' type requires both 'totp' and 'value' parameters");
  }
  const factor = newTotp(String(totp), String(value), String(params.description), now);
  factors.totp.push(factor);
  return { id: factor.id };
}
