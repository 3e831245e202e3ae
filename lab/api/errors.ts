/**
 * An answer other than success, in Proxmox VE's own words. `message` becomes the HTTP reason phrase, which is what
 * its clients read; `errors` names parameters (PVE::Exception).
 */
export class PveError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: Record<string, string>,
  ) {
    super(message);
  }
}

/** What a Perl `die` in a handler becomes. */
export function die(message: string): PveError {
  return new PveError(500, message);
}

/** 400 with the parameters at fault (PVE::Exception::raise_param_exc). */
export function badParameters(errors: Record<string, string>): PveError {
  return new PveError(400, "Parameter verification failed.", errors);
}

export function forbidden(path: string, privileges: readonly string[]): PveError {
  return new PveError(403, `Permission check failed (${path}, ${privileges.join("|")})`);
}

/** PVE::Cluster::check_cfs_quorum, asked by handlers that write guests or HA. */
export function noQuorum(): PveError {
  return die("cluster not ready - no quorum?");
}
