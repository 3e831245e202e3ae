import { createRequire } from "node:module";
import type * as policy from "@pulumi/policy";

type Unknown = Pick<typeof policy, "UnknownValueError" | "unknownCheckingProxy">;

/**
 * CrossGuard's own, but without the engine's half of it: reports read recorded resources too, and would wait a second
 * for that. Its types are not published under this path.
 */
export const { UnknownValueError, unknownCheckingProxy } = createRequire(__filename)(
  "@pulumi/policy/proxy",
) as Unknown;
