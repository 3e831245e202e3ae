/** @type {import("jest").Config} */
const common = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2023" } }],
  },
};

module.exports = {
  projects: [
    {
      ...common,
      displayName: "unit",
      roots: ["<rootDir>/tests"],
      testPathIgnorePatterns: ["<rootDir>/tests/e2e/"],
    },
    { ...common, displayName: "e2e", roots: ["<rootDir>/tests/e2e"], maxWorkers: 1 },
  ],
};
