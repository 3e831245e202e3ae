import { join, resolve } from "node:path";

/** Where one lab keeps what it must remember. Each clone has its own, so labs of two clones do not meet. */
export class LabPaths {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** Every file that the lab makes, but for those in `snapshots`. */
  get all(): string[] {
    const { state, installed, status, authority, key, knownHosts, secrets, pid, log } = this;
    const states = [state, `${state}.new`, installed, `${installed}.new`];
    return [...states, status, authority, key, knownHosts, secrets, pid, log];
  }
  get state(): string {
    return join(this.root, "state.json");
  }
  /** The state as it was installed, for a reset that keeps ports, keys and credentials. */
  get installed(): string {
    return join(this.root, "installed.json");
  }
  /** The folder of the snapshots. */
  get snapshots(): string {
    return join(this.root, "snapshots");
  }
  /** How to reach the lab; written when it starts. */
  get status(): string {
    return join(this.root, "status.json");
  }
  get authority(): string {
    return join(this.root, "ca.pem");
  }
  get key(): string {
    return join(this.root, "id_ed25519");
  }
  get knownHosts(): string {
    return join(this.root, "known_hosts");
  }
  get secrets(): string {
    return join(this.root, "secrets.json");
  }
  get pid(): string {
    return join(this.root, "pid");
  }
  get log(): string {
    return join(this.root, "lab.log");
  }
}
