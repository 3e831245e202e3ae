import { STAND_IN_VARIABLE } from "../../toolchain/launcher/connections";
import type { Place } from "./place";

/** Without the caller's site and backend. What a review does, it does to its own. */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !/^(PULUMI_|PROXMOX_|SSL_CERT_|MAKE|MFLAGS)/.test(name),
    ),
  );
}

/** For building a tree's tools: with where they are found, without what opens the caller's state. */
export function withoutBackend(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")),
  );
}

/** Our pulumi's: the review's lab stands in for the stack's hosts, and the state lies beside it. */
export function siteEnvironment({ lab, state }: Place, stack: string): NodeJS.ProcessEnv {
  return {
    PULUMI_STACK: stack,
    PULUMI_BACKEND_URL: `file://${state}`,
    // Guards made-up values for as long as the review takes.
    PULUMI_CONFIG_PASSPHRASE: "review",
    [STAND_IN_VARIABLE]: lab,
  };
}
