import { die, PveError } from "../api/errors";
import { splitList } from "../api/formats";
import type { Values } from "../api/verify";
import { digestOf } from "../guests/config";
import type { Site } from "../site";
import type { StorageConfig } from "../state/types";
import { contentOf, nodesOf, STORAGE_TYPES, type StorageType } from "./types";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

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

  /** Throws PVE's words unless `id` can be used on `node` for `content`. */
  requireUsable(node: string, id: string, content?: string): StorageConfig {
    const config = this.config(node, id);
    if (config.disable === "1") throw die(`storage '${id}' is disabled`);
    if (!this.enabledOn(config, node)) {
      throw die(`storage '${id}' is not available on node '${node}'`);
    }
    if (content !== undefined && !contentOf(config).includes(content)) {
      throw die(`storage '${id}' does not support content-type '${content}'`);
    }
    if (!this.isOnline(node, config)) throw die(`storage '${id}' is not online`);
    return config;
  }

  /** POST /storage: the handling node activates it, and nothing is saved when that fails. */
  create(node: string, id: string, params: Values): StorageConfig {
    const config = fromParams(params);
    return this.locked(node, "create storage failed", (definitions) => {
      if (Object.hasOwn(definitions, id)) throw die(`storage ID '${id}' already defined`);
      if (this.enabledOn(config, node) && !this.isOnline(node, config)) {
        throw die(`storage '${id}' is not online`);
      }
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
      const type = this.type(config);
      for (const key of Object.keys(params)) {
        if (type.fixed.includes(key)) throw die(`can't change value of fixed parameter '${key}'`);
        if (!type.optional.includes(key)) throw die(`unexpected property '${key}'`);
      }
      for (const key of remove) requireDeletable(type, key, params);
      const changed = normalized(type, asText(params));
      for (const key of remove) delete config[key];
      return Object.assign(config, changed);
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

  /** An NFS server that runs and exports the path; local storages always work. */
  isOnline(node: string, config: StorageConfig): boolean {
    if (config.type !== "nfs") return true;
    const server = this.site.hostAt(config.server ?? "");
    if (!server?.services.includes("nfs-server")) return false;
    const exported = this.site.state.exports[exportKey(config)] !== undefined;
    return exported && this.site.hardware.canReach(node, server.name);
  }

  status(node: string, id: string): StorageStatus {
    const config = this.config(node, id);
    if (!this.isOnline(node, config)) return { active: false, total: 0, used: 0 };
    const total = this.capacity(node, config);
    const stored = this.volumes(node, id).reduce(
      (sum, volume) => sum + onDisk(volume.format, volume.size),
      0,
    );
    const system = config.type === "dir" ? 4 * GIB : 0;
    return { active: true, total, used: Math.min(total, stored + system) };
  }

  /** The volumes of a storage as `node` sees them: an NFS export's are everybody's, a local one's its own. */
  volumes(node: string, id: string) {
    const config = this.config(node, id);
    if (config.type === "nfs") {
      const key = exportKey(config);
      this.site.state.exports[key] ??= [];
      return this.site.state.exports[key];
    }
    const own = this.site.nodeState(node).volumes;
    own[id] ??= [];
    return own[id];
  }

  /** Bytes. A local disk is split as Proxmox's installer does it: a quarter for the root file system. */
  private capacity(node: string, config: StorageConfig): number {
    if (config.type === "nfs") return 2048 * GIB;
    const disk = this.site.nodeState(node).rootDisk;
    const root = Math.min(96 * GIB, disk / 4);
    return Math.floor(config.type === "dir" ? root : disk - root - 16 * GIB);
  }
}

/** What the plugin of a type makes of the parameters of POST /storage (PVE::SectionConfig::check_config). */
function fromParams(params: Values): StorageConfig {
  const { type: typeName = "", ...rest } = asText(params);
  const type = STORAGE_TYPES[typeName];
  if (!type) throw die(`unknown section type '${typeName}'`);
  if (rest.nodes === "") delete rest.nodes;
  const allowed = [...type.required, ...type.fixed, ...type.optional];
  const unexpected = Object.keys(rest).find((key) => !allowed.includes(key));
  if (unexpected !== undefined) throw die(`unexpected property '${unexpected}'`);
  const missing = type.required.find((key) => rest[key] === undefined);
  if (missing !== undefined) throw die(`missing value for required option '${missing}'`);
  return { type: typeName, ...normalized(type, rest) };
}

/** Lists as storage.cfg keeps them: each entry once, and no content that the type cannot hold. */
function normalized(type: StorageType, fields: Record<string, string>): Record<string, string> {
  const result = { ...fields };
  if (fields.content !== undefined) {
    const content = splitList(fields.content).filter((kind) => type.content.includes(kind));
    if (content.length === 0) throw die("storage does not support content type 'none'");
    result.content = [...new Set(content)].join(",");
  }
  if (fields.nodes !== undefined) {
    result.nodes = [...new Set(splitList(fields.nodes))].join(",");
  }
  return result;
}

function requireDeletable(type: StorageType, key: string, params: Values): void {
  if (![...type.required, ...type.fixed, ...type.optional].includes(key)) {
    throw die(`no such option '${key}'`);
  }
  if (type.required.includes(key)) throw die(`unable to delete required option '${key}'`);
  if (type.fixed.includes(key)) throw die(`unable to delete fixed option '${key}'`);
  if (params[key] !== undefined) {
    throw die(`cannot set and delete property '${key}' at the same time!`);
  }
}

/** Key in `LabState.exports`: the NAS knows its export by its own address. */
export function exportKey(config: StorageConfig): string {
  return `${config.server}:${config.export}`;
}

/** A sparse qcow2 takes little at first; the lab counts a tenth, and all of anything else. */
function onDisk(format: string, size: number): number {
  return format === "qcow2" ? Math.max(MIB, size / 10) : size;
}

function asText(params: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
}
