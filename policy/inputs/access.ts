import { UNKNOWN } from "../facts/known";
import type { AccountFacts, ConnectionFacts, ProviderFacts } from "../facts/site";
import { known } from "./known";
import { type CollectedResource, flag, optionalText, type Props } from "./resource";

/** The provider takes the token before the ticket and the login. */
export function readProvider({ urn, name, props }: CollectedResource): ProviderFacts {
  const token = known(() => optionalText(props.apiToken));
  const user = known(() => optionalText(props.username));
  const fromToken = token === UNKNOWN || token === undefined ? token : token.split("!")[0];
  return {
    urn,
    name,
    account: fromToken === undefined ? user : fromToken,
    insecure: flag(props, "insecure", false),
  };
}

export function readAccount({ urn, name, props }: CollectedResource): AccountFacts {
  return {
    urn,
    name,
    user: known(() => optionalText(props.userId) ?? optionalText(props.user) ?? UNKNOWN),
    separated: flag(props, "privilegesSeparation", true),
  };
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
