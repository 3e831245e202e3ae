import type { HaEnvironment } from "../environment";
import { BasicUsage } from "./basic";
import { LoadUsage } from "./load";
import type { Usage } from "./usage";

/** The scheduler's view of the online nodes; without figures for a node the basic one has to do. */
export function createUsage(
  env: HaEnvironment,
  node: string,
  online: string[],
  mode: "basic" | "static" | "dynamic",
): Usage {
  switch (mode) {
    case "basic":
      return new BasicUsage(online);
    case "static":
    case "dynamic": {
      const loads = env.config.loads(node);
      const missing = online.find((name) => !loads.nodes[name]);
      if (missing === undefined) return new LoadUsage(online, loads, mode);
      env.log(
        node,
        "crm",
        "warning",
        `fallback to 'basic' scheduler mode, init for '${mode}' failed - did not get ${mode} node usage information for '${missing}'`,
      );
      return new BasicUsage(online);
    }
    default: {
      const never: never = mode;
      return never;
    }
  }
}
