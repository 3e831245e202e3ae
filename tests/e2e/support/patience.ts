/** Real programs on a busy machine: a step takes seconds, rarely a minute. */
jest.setTimeout(300_000);
