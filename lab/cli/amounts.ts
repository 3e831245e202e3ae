import { LabError } from "./cli";

const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `500ms`, `2s`, `15m`, `1h30m`, `2d` as milliseconds; a bare number is seconds. */
export function milliseconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * MS.s;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) {
    throw new LabError(`"${text}" is no span of time; write it as in 500ms, 2s, 15m, 1h30m or 2d`);
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * MS[unit as keyof typeof MS],
    0,
  );
}

/** `10%` or `0.1` as a number from 0 to 1. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = match ? Number(match[1]) / (match[2] === "%" ? 100 : 1) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new LabError(`"${text}" is no share; write it as in 10% or 0.1`);
}
