/** `2026-01-01 02:00:00`; nodes live in UTC. `time` is in epoch milliseconds. */
export function stamp(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

/** `2026_01_01-02_00_00`, as archives are named. */
export function fileStamp(time: number): string {
  return stamp(time).replace(/[-:]/g, "_").replace(" ", "-");
}

/** `423MB` (PVE::VZDump::format_size). */
export function archiveSize(bytes: number): string {
  const kib = bytes / 1024;
  if (kib < 1024) return `${Math.floor(kib)}KB`;
  if (kib < 1024 ** 2) return `${Math.floor(kib / 1024)}MB`;
  if (kib < 1024 ** 3) return `${(kib / 1024 ** 2).toFixed(2)}GB`;
  return `${(kib / 1024 ** 3).toFixed(2)}TB`;
}

/** `00:01:09`. */
export function clockTime(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}

/** `1m 9s` (PVE::Format::render_duration). */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const units = {
    d: Math.floor(whole / 86_400),
    h: Math.floor(whole / 3600) % 24,
    m: Math.floor(whole / 60) % 60,
    s: whole % 60,
  };
  const parts = Object.entries(units).filter(([, count]) => count > 0);
  return parts.length === 0 ? "0s" : parts.map(([unit, count]) => `${count}${unit}`).join(" ");
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `8.00 GiB` (PVE::Format::render_bytes). */
export function bytes(value: number, digits = 2): string {
  const unit = value > 1023 ? Math.floor(Math.log2(value) / 10) : 0;
  return `${(value / 1024 ** unit).toFixed(digits)} ${UNITS[unit]}`;
}

/** `148.5 MiB/s` over whole seconds, of which there is at least one. */
export function speed(moved: number, seconds: number): string {
  return moved <= 0 ? "0 B/s" : `${bytes(Math.floor(moved / Math.max(1, seconds)), 1)}/s`;
}

/** What a process prints in human units: `592.31M`. */
export function human(value: number): string {
  const unit = value > 1023 ? Math.floor(Math.log2(value) / 10) : 0;
  return unit === 0 ? String(value) : `${(value / 1024 ** unit).toFixed(2)}${"BKMGT"[unit]}`;
}
