import { createRequire } from "node:module";

type Deserialize = (properties: object, keepSecrets: boolean) => object;

const PLACE = "@pulumi/policy/deserialize";

/**
 * CrossGuard reads all resources of a stack anew for each policy over the stack (makeAnalyzeStackRpcFun), and so would
 * take seconds for what has not changed: fifty policies and a thousand guests. After this it reads each message once.
 * The policies of this pack change nothing of what they are given.
 */
export function deserializeOnce(): void {
  // The object through which CrossGuard calls it; an import would be a copy.
  const sdk = createRequire(__filename)(PLACE) as { deserializeProperties: Deserialize };
  const { deserializeProperties: original } = sdk;
  const read = new WeakMap<object, object>();
  sdk.deserializeProperties = (properties, keepSecrets) => {
    // For a remedy, which gets its own to change.
    if (keepSecrets) return original(properties, keepSecrets);
    const before = read.get(properties);
    if (before) return before;
    const result = original(properties, keepSecrets);
    read.set(properties, result);
    return result;
  };
}
