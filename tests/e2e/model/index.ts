import { backups } from "./backups";
import { firewall } from "./firewall";
import type { Fragment } from "./fragment";
import { options } from "./options";
import { pools } from "./pools";
import { system } from "./system";

/** The whole model, part by part. */
export const FRAGMENTS: Record<string, Fragment> = {
  backups,
  firewall,
  options,
  pools,
  system,
};
