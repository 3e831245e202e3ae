import type {
  BackupJobFacts,
  CopyFacts,
  ReplicationFacts,
  Retention,
  StorageFacts,
} from "../facts/site";
import { known } from "./known";
import {
  type CollectedResource,
  flag,
  optionalNumber,
  optionalText,
  type Props,
  protectedBy,
  texts,
} from "./resource";

/** Storage types of the provider, and whether all nodes see the same volumes. */
export const STORAGES: Record<string, boolean> = {
  "nfs:Nfs": true,
  "cifs:Cifs": true,
  "pbs:Pbs": true,
  "directory:Directory": false,
  "lvm:Lvm": false,
  "lvmthin:Lvmthin": false,
  "zfspool:Zfspool": false,
};

export function readStorage(
  { type, urn, name, props, protect }: CollectedResource,
  shared: boolean,
): StorageFacts {
  return {
    urn,
    name,
    id: known(() => String(props.resourceId)),
    type: /\/([a-z]+)/.exec(type)?.[1] ?? type,
    shared: shared || known(() => props.shared === true),
    nodes: known(() => {
      const nodes = props.nodes as string[] | undefined;
      return nodes && [...nodes];
    }),
    disabled: flag(props, "disable", false),
    protected: protectedBy(protect),
    server: known(() => optionalText(props.server)),
    export: known(() => {
      const share = optionalText(props.share);
      if (share === undefined) return optionalText(props.export);
      return `/${share}/${optionalText(props.subdirectory) ?? ""}`;
    }),
    contents: known(() => (props.contents === undefined ? ["images"] : texts(props.contents))),
    options: known(() => (optionalText(props.options) ?? "").split(/[\s,]+/).filter(Boolean)),
    retention: known(() => {
      const kept = props.backups as Props | undefined;
      return kept ? retentionIn(kept, /^keep/) : undefined;
    }),
  };
}

export function readBackupJob({ urn, name, props }: CollectedResource): BackupJobFacts {
  return {
    urn,
    name,
    storage: known(() => String(props.storage)),
    enabled: flag(props, "enabled", true),
    all: flag(props, "all", false),
    guests: known(() => texts(props.vmids)),
    excluded: known(() => texts(props.excludes)),
    pool: known(() => optionalText(props.pool)),
    node: known(() => optionalText(props.node)),
    mode: known(() => optionalText(props.mode) ?? "snapshot"),
    compress: known(() => optionalText(props.compress) ?? "0"),
    retention: known(() => {
      const kept = props.pruneBackups as Props | undefined;
      return kept ? retentionIn(kept, /^keep-/) : undefined;
    }),
    // The time of day is what jobs had before they had schedules.
    schedule: known(() => optionalText(props.schedule) ?? optionalText(props.starttime) ?? ""),
    bandwidth: known(() => optionalNumber(props.bwlimit) ?? 0),
    mail: known(() => texts(props.mailtos)),
  };
}

/** What the component of the stack says of itself. */
export function readCopy({ urn, name, props }: CollectedResource): CopyFacts {
  return {
    urn,
    name,
    from: known(() => String(props.from)),
    to: known(() => String(props.to)),
    schedule: known(() => String(props.onCalendar)),
    maxAge: known(() => Number(props.maxAge)),
    retention: known(() => {
      const kept = props.retention as Props | undefined;
      return kept ? retentionIn(kept, /^/) : undefined;
    }),
  };
}

/** Its id is that of the guest with a number: `100-0`. */
export function readReplication({ urn, name, props }: CollectedResource): ReplicationFacts {
  return {
    urn,
    name,
    guest: known(() => String(props.resourceId).split("-")[0] ?? ""),
    target: known(() => String(props.target)),
    schedule: known(() => optionalText(props.schedule) ?? "*/15"),
    disabled: flag(props, "disable", false),
  };
}

const PERIODS = ["all", "last", "hourly", "daily", "weekly", "monthly", "yearly"];

function retentionIn(kept: Props, prefix: RegExp): Retention {
  return Object.fromEntries(
    Object.keys(kept).flatMap((key) => {
      const period = key.replace(prefix, "").toLowerCase();
      const count = Number(kept[key]);
      return PERIODS.includes(period) && count > 0 ? [[period, count]] : [];
    }),
  );
}
