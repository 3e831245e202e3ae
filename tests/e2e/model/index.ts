import { backups } from "./backups";
import { copies } from "./copies";
import { firewall } from "./firewall";
import { access } from "./access";
import { containers } from "./containers";
import type { Fragment } from "./fragment";
import { media } from "./media";
import { metrics } from "./metrics";
import { network } from "./network";
import { options } from "./options";
import { pools } from "./pools";
import { notifications } from "./notifications";
import { replication } from "./replication";
import { storages } from "./storages";
import { system } from "./system";
import { vms } from "./vms";

/** The whole model, part by part. */
export const FRAGMENTS: Record<string, Fragment> = {
  access,
  backups,
  copies,
  firewall,
  media,
  metrics,
  network,
  containers,
  options,
  pools,
  replication,
  storages,
  system,
  notifications,
  vms,
};
