/**
 * Milliseconds between a cause and what corosync makes of it. Measured on real corosync 3.1.7 with a token of 3 s
 * (polled every 0.25 s; the mean of what was seen), or the mean of what its heartbeats allow: corosync-qdevice(8),
 * `timeout` 10 s, of which it takes 0.8; corosync-qnetd(8), `dpd_interval_coefficient` 1.5 of that.
 */
export const DELAYS = {
  memberLost: 6_500,
  memberLostWithDevice: 7_500,
  /** corosync that is stopped says so; how long that takes was not measured. */
  memberLeft: 500,
  memberBack: 2_300,
  /** A node asks its witness every 8 s, and gives up when an answer is missing by the next time. */
  witnessSilent: 12_000,
  /** The witness drops who was silent for 12 s, which began up to 8 s before the cut. */
  clientSilent: 8_000,
  deviceBack: 5_900,
  deviceStarted: 100,
  /** corosync waits no longer for its QDevice (sync_timeout). */
  answerLimit: 30_000,
} as const;
