import { holdsAlways } from "./support/property";

/** Milliseconds; a longer run with LAB_SCHEDULES takes its time. */
const LIMIT = 24 * 3600 * 1000;

describe("two nodes and a QDevice, whatever happens and in which order,", () => {
  it(
    "run no guest twice, lose no acknowledged change, write nothing without quorum and are well once healed",
    () => holdsAlways("two nodes and a QDevice", 150),
    LIMIT,
  );
});
