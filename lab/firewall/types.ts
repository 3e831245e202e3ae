/** A firewall's file: cluster.fw, host.fw, or that of a guest. Guests and nodes have less than the cluster. */
export interface FirewallFile {
  options: Record<string, string>;
  rules: Rule[];
  /** By lower-case name. */
  aliases: Record<string, Alias>;
  ipsets: Record<string, IpSet>;
  groups: Record<string, SecurityGroup>;
}

/** Keys of a rule, as text; `enable` is 0 or 1. */
export type Rule = Record<string, string>;

export interface Alias {
  name: string;
  cidr: string;
  comment?: string;
}

export interface IpSet {
  comment?: string;
  entries: IpSetEntry[];
}

export interface IpSetEntry {
  cidr: string;
  nomatch?: 1;
  comment?: string;
}

export interface SecurityGroup {
  comment?: string;
  rules: Rule[];
}

/** Everything below `/etc/pve` that the firewall reads. */
export interface Firewalls {
  cluster?: FirewallFile;
  nodes?: Record<string, FirewallFile>;
  guests?: Record<string, FirewallFile>;
}

/** Whose firewall it is, which decides what a rule may say. */
export type RuleScope = "cluster" | "group" | "host" | "vm" | "ct";
