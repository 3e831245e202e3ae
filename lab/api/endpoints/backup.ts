import type { Endpoint } from "../endpoint";
import { backupInfoEndpoints } from "./backupInfo";
import { backupJobEndpoints } from "./backupJobs";
import { vzdumpEndpoints } from "./vzdump";

/** All about backups. */
export const backupEndpoints: Endpoint[] = [
  ...backupJobEndpoints,
  ...backupInfoEndpoints,
  ...vzdumpEndpoints,
];
