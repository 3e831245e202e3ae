import type { Site } from "../site";
import type { Guest } from "../state/types";

/** What a guest's own system is like; the lab's guests are empty, so this says what would be inside. */
export interface GuestTraits {
  /** The QEMU guest agent is installed. */
  agent: boolean;
  /** The system hears the request to shut down. */
  obeys: boolean;
  /** Share of its memory that it uses, 0 to 1. */
  memoryUsed: number;
  /** Bytes of memory that it changes in a second. */
  dirtyRate: number;
  /** Seconds until the process runs. */
  start: number;
  /** Seconds from there until the system answers. */
  boot: number;
  /** Seconds that a shutdown takes. */
  shutdown: number;
}

/** Without durations: a lab answers as fast as it can unless it is asked to take its time. */
const USUAL: GuestTraits = {
  agent: false,
  obeys: true,
  memoryUsed: 0.25,
  // An idle Windows server, measured while it migrated.
  dirtyRate: 0.31 * 1024 ** 2,
  start: 0,
  boot: 0,
  shutdown: 0,
};

/** Durations of a small server on the hardware of the reference site. */
export const REALISTIC: Partial<GuestTraits> = { start: 2, boot: 25, shutdown: 8 };

/** The guest's own traits, then those of all guests of the lab, then the usual ones. */
export function traitsOf(site: Site, guest: Guest): GuestTraits {
  return { ...USUAL, ...site.state.traits, ...guest.traits };
}

/** What each trait may be; used where a person sets them. */
const ALLOWED: Record<keyof GuestTraits, (value: unknown) => boolean> = {
  agent: (value) => typeof value === "boolean",
  obeys: (value) => typeof value === "boolean",
  memoryUsed: (value) => typeof value === "number" && value >= 0 && value <= 1,
  dirtyRate: isLength,
  start: isLength,
  boot: isLength,
  shutdown: isLength,
};

function isLength(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Undefined when `fields` are traits, else one sentence about what is wrong with them. */
export function traitProblem(fields: Record<string, unknown>): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    if (!isTrait(name)) return `there is no trait "${name}"; there are ${NAMES.join(", ")}`;
    if (!ALLOWED[name](value)) return `${name} cannot be ${JSON.stringify(value)}`;
  }
  return undefined;
}

const NAMES = Object.keys(ALLOWED) as (keyof GuestTraits)[];

function isTrait(name: string): name is keyof GuestTraits {
  return Object.hasOwn(ALLOWED, name);
}
