import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  except: string[];
}

export const requireUnprivilegedContainers: Rule<Config> = {
  name: "require-unprivileged-containers",
  description: "Containers are unprivileged.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Say unprivileged: true, which the provider does not do by itself.",
  settings: {
    except: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Names of containers that must be privileged.",
    },
  },
  judge: ({ guests }, { except }) =>
    guests
      .filter(({ name }) => !except.includes(name))
      .flatMap(({ urn, name, unprivileged }) =>
        attempt(urn, `the privileges of container ${name}`, () => {
          if (need(unprivileged, "whether it is unprivileged is") !== false) return [];
          const message =
            `container ${name} is privileged: root in it is root on the node once it breaks out. ` +
            "Say unprivileged: true; a container that exists is made anew by it, from a backup.";
          return [{ urn, message }];
        }),
      ),
};
