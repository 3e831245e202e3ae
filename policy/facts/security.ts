import type { Known } from "./known";
import type { Named } from "./site";

/** An account of the automation and its token. */
export interface AccountFacts extends Named {
  /** `user@realm`. */
  user: Known<string>;
  /** The token has rights of its own, and not all of its user's. */
  separated: Known<boolean>;
  /** Days since its secret was made, on the day of the run; undefined where nobody says. */
  age: Known<number | undefined>;
  /** Days until it expires; undefined for one that never does. */
  left: Known<number | undefined>;
}

/** What a role, or the role of an account, allows. */
export interface RoleFacts extends Named {
  /** As Proxmox VE knows it. */
  id: Known<string>;
  privileges: Known<string[]>;
}

/** What a firewall, a list of its rules or an IP set belongs to. */
export type Place =
  { kind: "cluster" } | { kind: "node"; node: string } | { kind: "guest"; vmid: number };

export interface FirewallFacts extends Named {
  place: Known<Place>;
  enabled: Known<boolean>;
  /** `DROP`, `REJECT` or `ACCEPT`; a node has that of the cluster. */
  inputPolicy: Known<string>;
  outputPolicy: Known<string>;
}

export interface FirewallRulesFacts extends Named {
  place: Known<Place>;
  /** In their order: the first that fits decides. */
  rules: Known<FirewallRule[]>;
}

/** Rules under a name, which rules of a place may call. */
export interface SecurityGroupFacts extends Named {
  id: Known<string>;
  rules: Known<FirewallRule[]>;
}

export interface FirewallRule {
  enabled: boolean;
  /** `in`, `out` or `forward`; undefined for the call of a group. */
  type: string | undefined;
  action: string | undefined;
  /** Security group that it calls. */
  group: string | undefined;
  macro: string | undefined;
  proto: string | undefined;
  /** Ports of the destination: `22`, `8006,3128`, `5900:5999`. */
  port: string | undefined;
  source: string | undefined;
  dest: string | undefined;
  /** It is about packets that come in there alone. */
  iface: string | undefined;
}

export interface IpSetFacts extends Named {
  place: Known<Place>;
  id: Known<string>;
  /** Those that match. */
  networks: Known<string[]>;
}
