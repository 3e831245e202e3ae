import type { Guest } from "../state/types";
import { settingsText } from "./sectionText";

/**
 * A guest's file: its keys, sorted, below the description; then what waits for its stop, then each snapshot (write_vm_config
 * of PVE's guests).
 */
export function guestText({ type, config, pending, snapshots = {} }: Guest): string {
  const sections = Object.entries(snapshots)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, snapshot]) => {
      const { description, time, parent, vmstate } = snapshot;
      const text = settingsText({
        ...snapshot.config,
        ...(description === undefined ? {} : { description }),
        ...(parent === undefined ? {} : { parent }),
        ...(vmstate === undefined ? {} : { vmstate }),
        snaptime: String(time),
      });
      return `\n[${name}]\n${text}`;
    });
  return `${settingsText(config)}${pendingText(type, pending)}${sections.join("")}`;
}

function pendingText(type: Guest["type"], pending: Guest["pending"]): string {
  if (!pending) return "";
  const removed = Object.entries(pending.delete)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, force]) => (force ? `!${key}` : key));
  if (removed.length === 0 && Object.keys(pending.set).length === 0) return "";
  const text = settingsText({
    ...pending.set,
    ...(removed.length === 0 ? {} : { delete: removed.join(",") }),
  });
  return `\n[${type === "qemu" ? "PENDING" : "pve:pending"}]\n${text}`;
}
