import { isPrivilege } from "../access/privileges";
import { FIREWALL_FORMATS } from "../firewall/formats";
import { NETWORK_FORMATS } from "./networkFormats";
import { STORAGE_FORMATS } from "./storageFormats";

const isStartupOrder = (value: string): boolean =>
  value !== "" &&
  value
    .split(",")
    .filter((part) => part.trim() !== "")
    .every((part) => /^((order=)?|up=|down=)\d+$/.test(part));

/** Named formats of PVE::JSONSchema: the check, and the words of its refusal. */
const NAMED: Record<
  string,
  { pattern: { test(value: string): boolean }; message: (value: string) => string }
> = {
  ...FIREWALL_FORMATS,
  ...NETWORK_FORMATS,
  ...STORAGE_FORMATS,
  "pve-node": {
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
    message: () => "value does not look like a valid node name",
  },
  "pve-vmid": {
    pattern: /^[1-9][0-9]{2,8}$/,
    message: () => "value does not look like a valid VM ID",
  },
  "pve-storage-id": {
    pattern: /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i,
    message: (value) =>
      value.length < 2
        ? `storage ID '${value}' cannot be shorter than 2 characters`
        : `storage ID '${value}' contains illegal characters`,
  },
  "pve-userid": {
    pattern: /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/,
    message: (value) => `value '${value}' does not look like a valid user name`,
  },
  "pve-tokenid": {
    pattern: /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+$/,
    message: (value) => `value '${value}' does not look like a valid token ID`,
  },
  "pve-groupid": {
    pattern: /^[A-Za-z0-9.\-_]+$/,
    message: (value) => `group name '${value}' contains invalid characters`,
  },
  "pve-poolid": {
    pattern: /^[A-Za-z0-9.\-_]+(\/[A-Za-z0-9.\-_]+){0,2}$/,
    message: (value) =>
      value.split("/").length > 3
        ? `pool name '${value}' nested too deeply (max levels = 3)`
        : `pool name '${value}' contains invalid characters`,
  },
  "pve-realm": {
    pattern: /^[A-Za-z][A-Za-z0-9.\-_]+$/,
    message: () => "value does not look like a valid realm",
  },
  "ldap-simple-attr": {
    pattern: /^[a-zA-Z0-9]+$/,
    message: (value) => `value '${value}' does not look like a simple ldap attribute name`,
  },
  "pve-roleid": {
    pattern: /^[A-Za-z0-9.\-_]+$/,
    message: (value) => `role name '${value}' contains invalid characters`,
  },
  "pve-priv": {
    pattern: { test: (value) => isPrivilege(value) },
    message: (value) => `invalid privilege '${value}'`,
  },
  // Of release 8; Proxmox VE has one name for both.
  "pve-priv-8": {
    pattern: { test: (value) => isPrivilege(value, 8) },
    message: (value) => `invalid privilege '${value}'`,
  },
  "pve-configid": {
    pattern: /^[a-z][a-z0-9_-]+$/i,
    message: (value) => `invalid configuration ID '${value}'`,
  },
  "pve-ha-resource-id": {
    pattern: /^[a-z]+:\S+$/,
    message: () => "value does not look like a valid ha resource id",
  },
  "pve-ha-resource-or-vm-id": {
    pattern: /^([a-z]+:\S+|\d+)$/,
    message: () => "value does not look like a valid ha resource id",
  },
  "pve-ha-node": {
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(:\d+)?$/,
    message: () => "value does not look like a valid ha node",
  },
  "pve-task-status-type": {
    pattern: /^(ok|error|warning|unknown)$/i,
    message: (value) => `invalid status '${value}'`,
  },
  "dns-name": {
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/,
    message: () => "value does not look like a valid DNS name",
  },
  "mac-addr": {
    pattern: /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i,
    message: () => "value does not look like a valid unicast MAC address",
  },
  "mac-prefix": {
    pattern: /^[a-f0-9][02468ace](:[a-f0-9]{2}){0,2}(:[a-f0-9]?)?$/i,
    message: () => "value is not a valid unicast MAC address prefix",
  },
  "pve-replication-job-id": {
    pattern: { test: (value) => /^\d+-\d+$/.test(value) && Number.parseInt(value) >= 100 },
    message: (value) =>
      /^\d+-\d+$/.test(value)
        ? `invalid replication job id '${value}' (guest IDs < 100 are reserved)`
        : `invalid replication job id '${value}'`,
  },
  "disk-size": {
    pattern: /^\d+(\.\d+)?([KMGT](iB)?)?$/,
    message: (value) => `value does not look like a valid disk size: ${value}`,
  },
  "pve-tag": {
    pattern: /^[a-z0-9_][a-z0-9_+.-]*$/i,
    message: () => "invalid characters in tag",
  },
  "pve-startup-order": {
    pattern: { test: isStartupOrder },
    message: () => "unable to parse startup options",
  },
  urlencoded: {
    pattern: /^[-%a-zA-Z0-9_.!~*'()]*$/,
    message: (value) => `invalid urlencoded string: ${value}`,
  },
  "pve-volume-id": {
    pattern: /^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i,
    message: (value) => `unable to parse volume ID '${value}'`,
  },
};

/**
 * Undefined when `value` has the named format, else why not. A `-list` format checks each entry; formats that the
 * lab does not know accept anything.
 */
export function formatProblem(format: string, value: string): string | undefined {
  const single = format.replace(/-list$/, "");
  const known = NAMED[single];
  if (!known) return undefined;
  const entries = single === format ? [value] : splitList(value);
  const wrong = entries.find((entry) => !known.pattern.test(entry));
  return wrong === undefined ? undefined : `invalid format - ${known.message(wrong)}\n`;
}

/** PVE::Tools::split_list: commas, semicolons, blanks and NUL separate. */
export function splitList(value: string): string[] {
  return value.split(/[,;\0\s]+/).filter((entry) => entry !== "");
}
