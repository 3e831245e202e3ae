import type { SiteFacts } from "../facts/site";
import { readFacts } from "./read";
import type { Props } from "./resource";
import { unknownCheckingProxy } from "./unknown";

/** A resource as the state or the engine's event log has it. */
export interface RecordedResource {
  type: string;
  urn: string;
  /** Plain JSON: secrets as the engine writes them, unknown values by its sentinels. */
  inputs: Props;
  /** Left out where it is not protected. */
  protect?: boolean;
}

/** What stands where a value of any kind is not known before the update (sdk/go/common/resource/plugin). */
export const UNKNOWN_VALUES: readonly string[] = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** The key under which the engine marks what is not plain JSON, a secret for one. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && (value as Props)[SIGNATURE] === SECRET;
}

/** The name in the program: what a URN ends with. */
export function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The facts that the rules would judge. A secret is as unknown as what the update decides. */
export function readRecorded(resources: readonly RecordedResource[]): SiteFacts {
  const proxy = unknownCheckingProxy as (inputs: Props) => Props;
  return readFacts(
    resources.map(({ type, urn, inputs, protect = false }) => ({
      ...{ type, urn, name: nameIn(urn), protect },
      props: proxy(withoutSecrets(inputs) as Props),
    })),
  );
}

function withoutSecrets(value: unknown): unknown {
  if (isSecret(value)) return UNKNOWN_VALUES[2];
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSecrets(one)]));
}
