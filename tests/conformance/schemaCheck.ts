import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { ENDPOINTS } from "../../lab/api/endpoints";
import { compare, type Published } from "./compare";

const [file = ""] = process.argv.slice(2);
const published = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Published;
const differences = compare(ENDPOINTS, published);
process.stdout.write(`${differences.join("\n")}\n`);
