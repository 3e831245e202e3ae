/** Columns as wide as their widest cell, a blank between them; those named in `right` are aligned there. */
export function columns(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const width = (index: number): number => Math.max(...rows.map((row) => row[index]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          right.includes(index) ? cell.padStart(width(index)) : cell.padEnd(width(index)),
        )
        .join(" ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** Bytes as `df -h` and `free -h` shorten them: one decimal below ten, rounded up. */
export function human(bytes: number, suffix = ""): string {
  const units = ["", "K", "M", "G", "T", "P"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return String(value) + (suffix === "" ? "" : "B");
  const number = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value));
  return `${number}${units[unit]}${suffix}`;
}
