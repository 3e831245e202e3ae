import type { Archive, Guest } from "../state/types";

/** The guest's file as an archive has it; a VM's says besides where its disks came from. */
export function archivedText(type: Guest["type"], { config, volumes }: Archive): string {
  const { description = "", ...rest } = config;
  const comments = description
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `#${line}`);
  const lines = Object.keys(rest)
    .sort()
    .map((key) => `${key}: ${rest[key]}`);
  const map = volumes.map(
    ({ key, storage, format }) => `#qmdump#map:${key}:drive-${key}:${storage}:${format}:`,
  );
  return `${[...comments, ...lines, ...(type === "qemu" ? map : [])].join("\n")}\n`;
}
