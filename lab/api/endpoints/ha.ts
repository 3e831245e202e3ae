import type { Endpoint } from "../endpoint";
import { haGroupEndpoints } from "./haGroups";
import { haResourceEndpoints } from "./haResources";
import { haRuleEndpoints } from "./haRules";
import { haStatusEndpoints } from "./haStatus";

/** High availability (pve-ha-manager). */
export const haEndpoints: Endpoint[] = [
  ...haGroupEndpoints,
  ...haResourceEndpoints,
  ...haRuleEndpoints,
  ...haStatusEndpoints,
];
