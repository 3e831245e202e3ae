import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { ENDPOINTS } from "../../lab/api/endpoints";
import { compare, type Published } from "./compare";

/** A difference that stays, and why. */
interface Accepted {
  difference: string;
  reason: string;
}

const [file] = process.argv.slice(2);
if (!file) {
  process.stderr.write("Which schema? make schema-check SCHEMA=pve-api.json.gz\n");
  process.exit(1);
}
const raw = readFileSync(file);
const published = JSON.parse(
  (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString(),
) as Published;
const accepted = JSON.parse(
  readFileSync("tests/conformance/schemaExceptions.json", "utf8"),
) as Accepted[];

const differences = compare(ENDPOINTS, published);
const known = new Set(accepted.map(({ difference }) => difference));
const unexpected = differences.filter((difference) => !known.has(difference));
const gone = accepted.filter(({ difference }) => !differences.includes(difference));
for (const difference of unexpected) process.stdout.write(`${difference}\n`);
for (const { difference } of gone) process.stdout.write(`no longer so: ${difference}\n`);
process.stdout.write(
  `${ENDPOINTS.length} endpoints, ${unexpected.length} differences from Proxmox VE, ${accepted.length} accepted\n`,
);
process.exit(unexpected.length + gone.length > 0 ? 1 : 0);
