// Most take milliseconds; on a busy machine the longest needs more than the usual 5 s.
jest.setTimeout(120_000);
