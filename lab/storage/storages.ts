import { badParameters, die } from "../api/errors";
import type { Values } from "../api/verify";
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
    const config = this.definitions(node)[id];
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
    if (this.definitions(node)[id])
      throw die(`create storage failed: storage ID '${id}' already defined`);
    const config = this.fromParams(params);
    if (this.enabledOn(config, node) && !this.isOnline(node, config)) {
      throw die(`create storage failed: storage '${id}' is not online`);
    }
    this.definitions(node)[id] = config;
    return config;
  }

  update(node: string, id: string, params: Values, remove: string[]): StorageConfig {
    const config = this.config(node, id);
    const type = this.type(config);
    for (const key of Object.keys(params)) {
      if (type.fixed.includes(key)) {
        if (String(params[key]) !== config[key]) {
          throw badParameters({ [key]: `can't change value of fixed parameter '${key}'` });
        }
      } else if (!type.optional.includes(key)) throw badParameters({ [key]: unexpected(key) });
    }
    for (const key of remove) {
      if (type.fixed.includes(key))
        throw badParameters({ [key]: `unable to delete fixed '${key}'` });
      delete config[key];
    }
    Object.assign(config, asText(params));
    return config;
  }

  remove(node: string, id: string): void {
    this.config(node, id);
    delete this.definitions(node)[id];
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

  private fromParams(params: Values): StorageConfig {
    const { type: typeName = "", ...rest } = asText(params);
    const type = STORAGE_TYPES[typeName];
    if (!type)
      throw badParameters({ type: `value '${typeName}' does not have a value in the enumeration` });
    const allowed = [...type.required, ...type.fixed, ...type.optional];
    const errors: Record<string, string> = {};
    for (const key of Object.keys(rest)) if (!allowed.includes(key)) errors[key] = unexpected(key);
    for (const key of type.required) {
      if (rest[key] === undefined) errors[key] = "property is missing and it is not optional";
    }
    const wrong = contentOf({ type: typeName, ...rest }).find(
      (kind) => !type.content.includes(kind),
    );
    if (wrong !== undefined) errors.content = `storage does not support content type '${wrong}'`;
    if (Object.keys(errors).length > 0) throw badParameters(errors);
    return { type: typeName, ...rest };
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

function unexpected(key: string): string {
  return `unexpected property '${key}'`;
}

function asText(params: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
}
