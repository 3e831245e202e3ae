import { die, PveError } from "../api/errors";
import type { Values } from "../api/verify";
import { digestOf } from "../guests/config";
import type { Site } from "../site";
import { volumesIn } from "../guests/volumes";
import type { Guest, StorageConfig, Volume } from "../state/types";
import { parseVolumeId } from "./names";
import { changeDefinition, newDefinition } from "./definition";
import { remoteProblem } from "./exports";
import { hasGroup, localProblem, spaceOf, volumesAt } from "./places";
import { contentOf, nodesOf, STORAGE_TYPES, type StorageType } from "./types";

export interface StorageStatus {
  active: boolean;
  /** Bytes. */
  total: number;
  used: number;
}

/** Storage definitions of a cluster (storage.cfg) and whether they work on a node. */
export class Storages {
  constructor(private readonly site: Site) {}

  definitions(node: string): Record<string, StorageConfig> {
    return this.site.pmxcfs(node).storages;
  }

  config(node: string, id: string): StorageConfig {
    const definitions = this.definitions(node);
    const config = Object.hasOwn(definitions, id) ? definitions[id] : undefined;
    if (!config) throw die(`storage '${id}' does not exist`);
    return config;
  }

  type(config: StorageConfig): StorageType {
    const type = STORAGE_TYPES[config.type];
    if (!type) throw die(`unsupported storage type '${config.type}'`);
    return type;
  }

  /** Storages that are not restricted away from `node` and not disabled. */
  usableOn(node: string): string[] {
    return Object.entries(this.definitions(node))
      .filter(([, config]) => this.enabledOn(config, node))
      .map(([id]) => id)
      .sort();
  }

  enabledOn(config: StorageConfig, node: string): boolean {
    return config.disable !== "1" && (nodesOf(config)?.includes(node) ?? true);
  }

  isShared(config: StorageConfig): boolean {
    return this.type(config).shared || config.shared === "1";
  }

  /** Throws PVE's words unless `id` is meant to be used on `node`, whether it can be or not. */
  requireEnabled(node: string, id: string): StorageConfig {
    const config = this.config(node, id);
    if (config.disable === "1") throw die(`storage '${id}' is disabled`);
    if (!this.enabledOn(config, node)) {
      throw die(`storage '${id}' is not available on node '${node}'`);
    }
    return config;
  }

  /** Throws PVE's words unless `id` can be used on `node` for `content`. */
  requireUsable(node: string, id: string, content?: string): StorageConfig {
    const config = this.requireEnabled(node, id);
    if (content !== undefined && !contentOf(config).includes(content)) {
      throw die(`storage '${id}' does not support content-type '${content}'`);
    }
    const problem = this.problem(node, id, config);
    if (problem !== undefined) throw die(problem);
    return config;
  }

  /** Throws unless `bytes` more can be written. */
  requireSpace(node: string, id: string, bytes: number): void {
    const { total, used } = this.status(node, id);
    if (bytes > total - used) throw die("No space left on device");
  }

  /** POST /storage: the handling node activates it, and nothing is saved when that fails. */
  create(node: string, id: string, params: Values): StorageConfig {
    const config = newDefinition(id, params);
    return this.locked(node, "create storage failed", (definitions) => {
      if (Object.hasOwn(definitions, id)) throw die(`storage ID '${id}' already defined`);
      const problem = this.enabledOn(config, node) ? this.problem(node, id, config) : undefined;
      if (problem !== undefined) throw die(problem);
      definitions[id] = config;
      return config;
    });
  }

  /** PUT /storage/ID. `digest`, if given, is the one that the caller has read. */
  update(
    node: string,
    id: string,
    params: Values,
    remove: string[],
    digest?: string,
  ): StorageConfig {
    return this.locked(node, "update storage failed", (definitions) => {
      if (digest !== undefined && digest !== digestOf(definitions)) {
        throw die("detected modified configuration - file changed by other user? Try again.");
      }
      const config = this.config(node, id);
      changeDefinition(config, this.type(config), params, remove);
      return config;
    });
  }

  /** DELETE /storage/ID: what is stored there stays. */
  remove(node: string, id: string): void {
    this.locked(node, "delete storage failed", (definitions) => {
      this.config(node, id);
      delete definitions[id];
    });
    const config = this.site.pmxcfs(node);
    config.acl = config.acl.filter(({ path }) => path !== `/storage/${id}`);
  }

  /** Changes storage.cfg under its lock; whatever goes wrong in there comes out with `failed` in front. */
  private locked<T>(
    node: string,
    failed: string,
    change: (definitions: Record<string, StorageConfig>) => T,
  ): T {
    try {
      if (!this.site.quorum.isQuorate(node)) {
        throw die("cfs-lock 'file-storage_cfg' error: no quorum!");
      }
      return change(this.definitions(node));
    } catch (error) {
      throw error instanceof PveError ? die(`${failed}: ${error.message}`) : error;
    }
  }

  /** What activating it on `node` would say; undefined when it works. */
  problem(node: string, id: string, config: StorageConfig): string | undefined {
    return remoteProblem(this.site, node, id, config) ?? localProblem(id, config);
  }

  /** Whether reads and writes on it get through. A guest whose disks lie on one that does not stands still. */
  answers(node: string, id: string): boolean {
    const definitions = this.definitions(node);
    const config = Object.hasOwn(definitions, id) ? definitions[id] : undefined;
    return config !== undefined && this.problem(node, id, config) === undefined;
  }

  /**
   * Storages of a guest that do not answer. A running guest stands still then, as processes do that wait for a hard NFS
   * mount; the cluster sees nothing of it.
   */
  stalled(guest: Guest): string[] {
    const used = volumesIn(guest.type, guest.config)
      .filter(({ kind }) => kind === "volume")
      .map(({ volid }) => parseVolumeId(volid).storage);
    return [...new Set(used)].filter((id) => !this.answers(guest.node, id));
  }

  status(node: string, id: string): StorageStatus {
    const config = this.config(node, id);
    const missing = config.type === "lvm" && !hasGroup(config);
    if (missing || this.problem(node, id, config) !== undefined) {
      return { active: false, total: 0, used: 0 };
    }
    const { total, used } = spaceOf(this.site, node, id, config);
    return { active: true, total, used: Math.min(total, Math.floor(used)) };
  }

  /** The volumes of a storage as `node` sees them: an NFS export's are everybody's, a local one's its own. */
  volumes(node: string, id: string): Volume[] {
    return volumesAt(this.site, node, id, this.config(node, id));
  }
}
