/**
 * What `make mutate` runs for each mutant: the specification of rules and facts, without the whole pack over the whole
 * reference site, which takes seconds and would kill mutants that no rule's own test knows.
 *
 * @type {import("jest").Config}
 */
module.exports = {
  rootDir: "../../..",
  roots: ["<rootDir>/policy", "<rootDir>/tests/policy"],
  testMatch: ["<rootDir>/tests/policy/*/**/*.test.ts"],
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["ts-jest", { diagnostics: false, isolatedModules: true }] },
};
