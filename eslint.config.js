const tseslint = require("typescript-eslint");

module.exports = tseslint.config(
  { ignores: ["**/node_modules/", ".stamps/", ".lab/", "lab/.build/", ".state/", ".review/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      // What a forgotten await costs is a half-done site.
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: "error",
      "no-restricted-properties": [
        "error",
        ...["only", "skip", "todo"].flatMap((property) =>
          ["describe", "it", "test"].map((object) => ({ object, property })),
        ),
      ],
    },
  },
  {
    // A command loads what it needs when it runs, which an import cannot say.
    files: ["ops/program.ts", "ops/*/commands.ts"],
    rules: { "@typescript-eslint/no-require-imports": ["error", { allow: ["^\\./"] }] },
  },
  {
    // In a browser, where nothing translates TypeScript; its types are checked all the same (lab/page/tsconfig.json).
    files: ["lab/page/*.js"],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      sourceType: "module",
      parserOptions: { project: "lab/page/tsconfig.json", tsconfigRootDir: __dirname },
    },
    rules: { "@typescript-eslint/no-floating-promises": "error", eqeqeq: "error" },
  },
);
