const Sequencer = require("@jest/test-sequencer").default;

/** Suites that take minutes, the longest first. A new clone knows no times, and one of these last keeps all others waiting. */
const LONG = [
  "failover",
  "site",
  "model",
  "bootstrap",
  "interruption",
  "release8",
  "review",
  "reviewLive",
];

/** @param {{ path: string }} test */
const place = ({ path }) => {
  const at = LONG.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
};

module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => place(a) - place(b));
  }
};
