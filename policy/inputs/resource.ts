import { type Known, UNKNOWN } from "../facts/known";
import { known } from "./known";

export type Props = Record<string, unknown>;

/** A resource of the run, as `validateResource` sees it. */
export interface CollectedResource {
  type: string;
  urn: string;
  name: string;
  /** Inputs; reading an unknown one throws. */
  props: Props;
  /** Pulumi refuses to delete it; undefined where the reader cannot tell. */
  protect?: boolean;
}

/** Whether Pulumi refuses to delete it. */
export function protectedBy(protect: CollectedResource["protect"]): Known<boolean> {
  return protect ?? UNKNOWN;
}

export function list(value: unknown): Props[] {
  return Array.isArray(value) ? (value as Props[]) : [];
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** What a program leaves out may come as null. */
export function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

export function optionalNumber(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

/** The boolean that stands there, or what the provider takes without one. */
export function flag(props: Props, key: string, fallback: boolean): Known<boolean> {
  return known(() => (props[key] ?? fallback) === true);
}
