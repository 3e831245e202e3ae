// The CLI loads this. The npm package has the rules compiled; in this repository they are compiled as they are loaded.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (existsSync(join(__dirname, "index.ts"))) {
  require("tsx/cjs");
  require("./index.ts");
} else {
  require("./dist/index.js");
}
