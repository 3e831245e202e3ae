/**
 * What the corosync daemons of one cluster and their witness have in mind at a moment. It is kept in the lab's state,
 * so that a restart of the lab neither hastens nor forgets a membership change under way. Times are epoch milliseconds.
 */
export interface ClusterRun {
  /** By name; a node whose corosync does not run has none. */
  nodes: Record<string, NodeRun>;
  /** Memberships that form once their time has come, by their node ids. */
  gathering: Record<string, number>;
  /** Connections as corosync-qnetd on the witness knows them, by node name. */
  clients: Record<string, ClientRun>;
  /** Node ids of the membership that qnetd voted for last. */
  favoured?: number[];
}

export interface Membership {
  /** Node ids, ascending. */
  members: number[];
  /** Sequence number of the membership, as `Ring ID` shows it. */
  ring: number;
}

export interface NodeRun extends Membership {
  /** The node's corosync-qdevice votes. */
  deviceVotes: boolean;
  /** `pvecm expected`, until somebody comes who was not told. */
  expected?: number;
  /** A membership that waits for the QDevice's answer before it takes the place of the old one. */
  formed?: Membership & { since: number };
  /** Connection to the witness as the node knows it. */
  link?: { silentSince?: number };
  /** When it tries to connect next. */
  connectsAt?: number;
  /** It had a connection, or tried in vain, since corosync started. */
  retries?: true;
}

export interface ClientRun extends Membership {
  judged: boolean;
  silentSince?: number;
}
