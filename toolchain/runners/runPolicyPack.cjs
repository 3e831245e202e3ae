// Runs a policy pack as @pulumi/pulumi's own cmd/run-policy-pack does, but without its ts-node: that one compiles with
// type checks at every start, which takes seconds. A pack with tsx has its files compiled by it as they are loaded; one
// of plain JavaScript, as it comes from npm, needs none.
const { fromHere, lean, withTsx } = require("./start.cjs");

const [engine, pack] = process.argv.slice(2);
if (!engine || !pack) {
  console.error("usage: runPolicyPack ENGINE_ADDRESS PACK");
  process.exit(1);
}

lean();
withTsx();
const { run } = fromHere("@pulumi/pulumi/cmd/run-policy-pack/run.js");

run({
  argv: { _: [pack] },
  programStarted: () => {},
  reportLoggedError: () => {},
  runInStack: false,
  typeScript: false,
}).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
