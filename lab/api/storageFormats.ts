import { isIP } from "node:net";
import { isCalendarEvent } from "../backup/calendar";

interface Format {
  pattern: { test(value: string): boolean };
  message: (value: string) => string;
}

const DNS_NAME =
  /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/;
const CONTENT = /^(images|rootdir|vztmpl|iso|backup|none|snippets|import)$/;

function isOverride(value: string): boolean {
  const [, content = "", path = ""] = /^([a-z]+)=([^.]*(?:\.?[^.]+)+)$/.exec(value) ?? [];
  return CONTENT.test(content) && path.length < 1023;
}

/** Formats of storages and backup jobs (PVE::Storage::Plugin, PVE::CalendarEvent). */
export const STORAGE_FORMATS: Record<string, Format> = {
  "pve-storage-content": {
    pattern: CONTENT,
    message: (value) => `invalid content type '${value}'`,
  },
  "pve-storage-path": {
    pattern: /^\/[^;()]+/,
    message: () => "value does not look like a valid absolute path",
  },
  "pve-storage-server": {
    pattern: { test: (value) => isIP(value) > 0 || DNS_NAME.test(value) },
    message: () => "value does not look like a valid server name or IP address",
  },
  "pve-storage-vgname": {
    pattern: /^[a-z0-9][a-z0-9\-_.]*[a-z0-9]$/i,
    message: (value) => `lvm name '${value}' contains illegal characters`,
  },
  "pve-storage-options": {
    pattern: /^\S+$/,
    message: (value) => `invalid options '${value}'`,
  },
  "pve-dir-override": {
    pattern: { test: isOverride },
    message: (value) => `invalid override '${value}'`,
  },
  "pve-calendar-event": {
    pattern: { test: isCalendarEvent },
    message: (value) => `invalid calendar event '${value}' - unable to parse calendar event`,
  },
  "pve-day-of-week": {
    pattern: /^(mon|tue|wed|thu|fri|sat|sun)$/,
    message: (value) => `invalid day '${value}'`,
  },
  "email-or-username": {
    pattern: /^([^\s@]+@[^\s@]+)$/,
    message: () => "value does not look like a valid email address or user name",
  },
};
