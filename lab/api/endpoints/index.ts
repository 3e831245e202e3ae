import type { Endpoint } from "../endpoint";
import { accessEndpoints } from "./access";
import { accessAdminEndpoints } from "./accessAdmin";
import { accessFactorEndpoints } from "./accessFactors";
import { accessGroupEndpoints } from "./accessGroups";
import { accessRealmEndpoints } from "./accessRealms";
import { accessRoleEndpoints } from "./accessRoles";
import { aptEndpoints } from "./apt";
import { backupEndpoints } from "./backup";
import { clusterEndpoints } from "./cluster";
import { clusterConfigEndpoints } from "./clusterConfig";
import { clusterOptionEndpoints } from "./clusterOptions";
import { firewallAliasEndpoints } from "./firewallAliases";
import { firewallGroupEndpoints } from "./firewallGroups";
import { firewallIpSetEndpoints } from "./firewallIpSets";
import { firewallOptionEndpoints } from "./firewallOptions";
import { firewallRuleEndpoints } from "./firewallRules";
import { haEndpoints } from "./ha";
import { lxcEndpoints } from "./lxc";
import { metricEndpoints } from "./metrics";
import { networkEndpoints } from "./network";
import { nodeConfigEndpoints } from "./nodeConfig";
import { nodeEndpoints } from "./nodes";
import { notificationEndpoints } from "./notifications";
import { poolEndpoints } from "./pools";
import { qemuEndpoints } from "./qemu";
import { replicationEndpoints } from "./replication";
import { rrdEndpoints } from "./rrd";
import { storageEndpoints } from "./storage";
import { taskEndpoints } from "./tasks";

/** Every method of the API that the lab imitates. Anything else answers 501. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...accessEndpoints,
  ...accessAdminEndpoints,
  ...accessFactorEndpoints,
  ...accessGroupEndpoints,
  ...accessRealmEndpoints,
  ...accessRoleEndpoints,
  ...aptEndpoints,
  ...backupEndpoints,
  ...clusterEndpoints,
  ...clusterConfigEndpoints,
  ...clusterOptionEndpoints,
  ...firewallAliasEndpoints,
  ...firewallGroupEndpoints,
  ...firewallIpSetEndpoints,
  ...firewallOptionEndpoints,
  ...firewallRuleEndpoints,
  ...haEndpoints,
  ...lxcEndpoints,
  ...metricEndpoints,
  ...networkEndpoints,
  ...nodeConfigEndpoints,
  ...nodeEndpoints,
  ...notificationEndpoints,
  ...poolEndpoints,
  ...qemuEndpoints,
  ...replicationEndpoints,
  ...rrdEndpoints,
  ...storageEndpoints,
  ...taskEndpoints,
];
