import { UNKNOWN } from "../facts/known";
import type { AccountFacts, RoleFacts } from "../facts/security";
import type { ConnectionFacts, ProviderFacts } from "../facts/site";
import { known } from "./known";
import { type CollectedResource, flag, optionalText, type Props, texts } from "./resource";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The provider takes the token before the ticket and the login. */
export function readProvider({ urn, name, props }: CollectedResource): ProviderFacts {
  const token = known(() => optionalText(props.apiToken));
  const user = known(() => optionalText(props.username));
  const fromToken = token === UNKNOWN || token === undefined ? token : token.split("!")[0];
  return {
    urn,
    name,
    account: fromToken === undefined ? user : fromToken,
    // The SDK hands a provider what is no text as JSON.
    insecure: known(() => String(props.insecure ?? false) === "true"),
  };
}

export function readAccount(
  { urn, name, props }: CollectedResource,
  today: string | undefined,
): AccountFacts {
  const now = dayOf(today);
  return {
    urn,
    name,
    user: known(() => optionalText(props.userId) ?? optionalText(props.user) ?? UNKNOWN),
    separated: flag(props, "privilegesSeparation", true),
    age: now === undefined ? UNKNOWN : known(() => daysBetween(dayOf(props.issued), now)),
    left: now === undefined ? UNKNOWN : known(() => daysBetween(now, dayOf(props.expirationDate))),
  };
}

/** A role of its own, or that of our own account. */
export function readRole({ urn, name, props }: CollectedResource): RoleFacts {
  return {
    urn,
    name,
    id: known(() => optionalText(props.roleId) ?? String(props.role)),
    privileges: known(() => texts(props.privileges)),
  };
}

/** The day of a date, counted in UTC; undefined for what is no date. */
function dayOf(date: unknown): number | undefined {
  const time = Date.parse(optionalText(date) ?? "");
  return Number.isNaN(time) ? undefined : Math.floor(time / DAY_MS);
}

function daysBetween(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}

export function readConnection({ urn, name, props }: CollectedResource): ConnectionFacts {
  const pinned = (hop: Props | undefined): boolean => Boolean(optionalText(hop?.hostKey));
  return {
    urn,
    name,
    pinned: known(() => {
      const connection = props.connection as Props | undefined;
      const proxy = connection?.proxy as Props | undefined;
      return pinned(connection) && (!proxy || pinned(proxy));
    }),
  };
}
