import type { Notifications } from "../notifications/types";
import type { Firewalls } from "../firewall/types";

/** Files of the cluster file system that many sites do without; absent until something is written. */
export interface Settings {
  groups?: Record<string, Group>;
  pools?: Record<string, Pool>;
  /** domains.cfg. */
  realms?: Record<string, Section>;
  /** priv/tfa.cfg, by user. */
  factors?: Record<string, UserFactors>;
  /** datacenter.cfg, as strings. */
  options?: Record<string, string>;
  /** status.cfg. */
  metricServers?: Record<string, Section>;
  /** notifications.cfg, and priv/notifications.cfg. */
  notifications?: Notifications;
  /** replication.cfg. */
  replication?: Record<string, Section>;
  /** `nodes/<name>/config`, by node. */
  nodeConfigs?: Record<string, Record<string, string>>;
  firewalls?: Firewalls;
  /** Files that PVE does not read, by their path below `/etc/pve`. */
  files?: Record<string, string>;
}

export interface Group {
  comment?: string;
  users: string[];
}

/** Second factors of a user. */
export interface UserFactors {
  totp: TotpFactor[];
  recovery?: RecoveryKeys;
}

export interface TotpFactor {
  id: string;
  description: string;
  /** Epoch seconds. */
  created: number;
  enable: boolean;
  /** `otpauth://totp/…`, with the secret. */
  uri: string;
}

export interface RecoveryKeys {
  created: number;
  /** Salt of the hashes. */
  secret: string;
  hashes: string[];
}

export interface Pool {
  comment?: string;
  vms: number[];
  storage: string[];
}

/** An entry of a configuration of sections: `type` plus its keys, as strings. */
export type Section = Record<string, string> & { type: string };
