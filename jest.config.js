/** @type {import("jest").Config} */
const common = {
  testEnvironment: "node",
  transform: {
    // Types are checked once, by `npm run lint`; tests only need them gone.
    "^.+\\.ts$": ["ts-jest", { diagnostics: false }],
  },
  // Copies of package.json for tests would otherwise collide with the real ones.
  modulePathIgnorePatterns: ["<rootDir>/tests/.*/fixtures/"],
};

module.exports = {
  // What test files leave in a worker makes it slower and slower: a new one takes its place above this.
  workerIdleMemoryLimit: "512MB",
  projects: [
    {
      ...common,
      displayName: "unit",
      roots: ["<rootDir>/tests"],
      testPathIgnorePatterns: ["<rootDir>/tests/e2e/"],
      setupFiles: ["<rootDir>/tests/support/seed.ts"],
      setupFilesAfterEnv: ["<rootDir>/tests/support/patience.ts"],
    },
    {
      ...common,
      displayName: "e2e",
      roots: ["<rootDir>/tests/e2e"],
      setupFilesAfterEnv: ["<rootDir>/tests/e2e/support/patience.ts"],
    },
  ],
};
