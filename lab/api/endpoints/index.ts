import type { Endpoint } from "../endpoint";
import { accessEndpoints } from "./access";
import { accessAdminEndpoints } from "./accessAdmin";
import { accessRoleEndpoints } from "./accessRoles";
import { backupEndpoints } from "./backup";
import { clusterEndpoints } from "./cluster";
import { clusterConfigEndpoints } from "./clusterConfig";
import { haEndpoints } from "./ha";
import { lxcEndpoints } from "./lxc";
import { nodeEndpoints } from "./nodes";
import { poolEndpoints } from "./pools";
import { qemuEndpoints } from "./qemu";
import { storageEndpoints } from "./storage";
import { taskEndpoints } from "./tasks";

/** Every method of the API that the lab imitates. Anything else answers 501. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...accessEndpoints,
  ...accessAdminEndpoints,
  ...accessRoleEndpoints,
  ...backupEndpoints,
  ...clusterEndpoints,
  ...clusterConfigEndpoints,
  ...haEndpoints,
  ...lxcEndpoints,
  ...nodeEndpoints,
  ...poolEndpoints,
  ...qemuEndpoints,
  ...storageEndpoints,
  ...taskEndpoints,
];
