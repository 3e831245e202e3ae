// Runs a program as @pulumi/pulumi's own cmd/run does, with tsx in the place of its ts-node. A program without tsx has
// what the SDK would give it.
const { fromHere, lean, withTsx } = require("./start.cjs");

lean();
// It reads its arguments now, and runs the program in a later turn.
fromHere("@pulumi/pulumi/cmd/run");
if (withTsx()) {
  delete process.env.PULUMI_NODEJS_TYPESCRIPT;
  // The SDK looks for source maps in files, where those of tsx are not; Node itself knows them.
  Error.prepareStackTrace = undefined;
}
