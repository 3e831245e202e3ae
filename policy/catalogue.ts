import { adviseNodeMemory } from "./rules/adviseNodeMemory";
import { adviseOddVotes } from "./rules/adviseOddVotes";
import { adviseReplicationLoss } from "./rules/adviseReplicationLoss";
import { adviseSupportedRelease } from "./rules/adviseSupportedRelease";
import { adviseTokenAge } from "./rules/adviseTokenAge";
import { forbidExposedGuests } from "./rules/forbidExposedGuests";
import { forbidPassthroughForHa } from "./rules/forbidPassthroughForHa";
import { forbidRemovedPrivileges } from "./rules/forbidRemovedPrivileges";
import { forbidRootAccount } from "./rules/forbidRootAccount";
import { forbidSoftNfs } from "./rules/forbidSoftNfs";
import { forbidStartOrderForHa } from "./rules/forbidStartOrderForHa";
import { forbidStopModeForHa } from "./rules/forbidStopModeForHa";
import { forbidUnsafeCache } from "./rules/forbidUnsafeCache";
import { keepBackupsOffDiskHost } from "./rules/keepBackupsOffDiskHost";
import { keepWitnessOffDiskHost } from "./rules/keepWitnessOffDiskHost";
import { requireBackupCompression } from "./rules/requireBackupCompression";
import { requireBackupCoverage } from "./rules/requireBackupCoverage";
import { requireBackupOffDiskStorage } from "./rules/requireBackupOffDiskStorage";
import { requireBackupRetention } from "./rules/requireBackupRetention";
import { requireBackupRoom } from "./rules/requireBackupRoom";
import { requireBridgesOnAllNodes } from "./rules/requireBridgesOnAllNodes";
import { requireCommonCpu } from "./rules/requireCommonCpu";
import { requireDistinctExports } from "./rules/requireDistinctExports";
import { requireEqualMtu } from "./rules/requireEqualMtu";
import { requireFailoverRoom } from "./rules/requireFailoverRoom";
import { requireFirewall } from "./rules/requireFirewall";
import { requireGuestAgent } from "./rules/requireGuestAgent";
import { requireGuestRanges } from "./rules/requireGuestRanges";
import { requireHaAfterWitness } from "./rules/requireHaAfterWitness";
import { requireHaLimits } from "./rules/requireHaLimits";
import { requireLimitsOnSharedLink } from "./rules/requireLimitsOnSharedLink";
import { requireMajorityAfterNodeLoss } from "./rules/requireMajorityAfterNodeLoss";
import { requireNodeAfterLoss } from "./rules/requireNodeAfterLoss";
import { requireNotification } from "./rules/requireNotification";
import { requirePinnedHostKeys } from "./rules/requirePinnedHostKeys";
import { requirePrivilegeSeparation } from "./rules/requirePrivilegeSeparation";
import { requireProtection } from "./rules/requireProtection";
import { requireReachableManagement } from "./rules/requireReachableManagement";
import { requireRecoveryPoint } from "./rules/requireRecoveryPoint";
import { requireSecondCopy } from "./rules/requireSecondCopy";
import { requireSecondLink } from "./rules/requireSecondLink";
import { requireSharedDisksForHa } from "./rules/requireSharedDisksForHa";
import { requireUnambiguousHa } from "./rules/requireUnambiguousHa";
import { requireUniqueGuests } from "./rules/requireUniqueGuests";
import { requireUnprivilegedContainers } from "./rules/requireUnprivilegedContainers";
import { requireVerifiedTls } from "./rules/requireVerifiedTls";
import { requireVlansOnAllNodes } from "./rules/requireVlansOnAllNodes";
import { requireWindowsDrivers } from "./rules/requireWindowsDrivers";
import { requireWindowsOsType } from "./rules/requireWindowsOsType";
import type { Rule } from "./rules/rule";

/** The rules in force, in the order in which they speak. */
export const RULES: readonly Rule[] = [
  requireMajorityAfterNodeLoss,
  requireHaAfterWitness,
  adviseOddVotes,
  keepWitnessOffDiskHost,
  requireSharedDisksForHa,
  adviseReplicationLoss,
  forbidSoftNfs,
  requireDistinctExports,
  forbidUnsafeCache,
  requireFailoverRoom,
  requireNodeAfterLoss,
  requireCommonCpu,
  requireBridgesOnAllNodes,
  requireVlansOnAllNodes,
  forbidPassthroughForHa,
  forbidStartOrderForHa,
  requireHaLimits,
  requireUnambiguousHa,
  requireBackupCoverage,
  requireRecoveryPoint,
  requireBackupRetention,
  requireBackupRoom,
  requireBackupOffDiskStorage,
  keepBackupsOffDiskHost,
  requireSecondCopy,
  requireBackupCompression,
  forbidStopModeForHa,
  forbidRootAccount,
  requirePrivilegeSeparation,
  adviseTokenAge,
  forbidRemovedPrivileges,
  requireVerifiedTls,
  requirePinnedHostKeys,
  requireFirewall,
  requireReachableManagement,
  forbidExposedGuests,
  requireProtection,
  requireUniqueGuests,
  requireGuestRanges,
  requireUnprivilegedContainers,
  requireWindowsOsType,
  requireWindowsDrivers,
  requireGuestAgent,
  requireSecondLink,
  requireLimitsOnSharedLink,
  requireEqualMtu,
  requireNotification,
  adviseSupportedRelease,
  adviseNodeMemory,
];
