import type { NotificationFacts } from "../facts/site";
import { known } from "./known";
import { type CollectedResource, list, optionalText, texts } from "./resource";

/** What the component says of the cluster's notifications, which no provider resource makes. */
export function readNotifications({ urn, name, props }: CollectedResource): NotificationFacts {
  return {
    urn,
    name,
    targets: known(() =>
      list(props.targets).map((target) => ({
        name: String(target.name),
        enabled: target.enabled === true,
      })),
    ),
    matchers: known(() =>
      list(props.matchers).map((matcher) => ({
        name: String(matcher.name),
        enabled: matcher.enabled === true,
        targets: texts(matcher.targets),
        severities: texts(matcher.severities),
        narrow: matcher.narrow === true,
      })),
    ),
    rootMail: known(() => optionalText(props.rootMail)),
  };
}
