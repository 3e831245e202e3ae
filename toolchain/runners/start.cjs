// What a program and a policy pack have in common when they start: both bring their own SDK, and run in their folder.
const { createRequire } = require("node:module");
const { join } = require("node:path");

/** What the SDK needs for functions that are to be sent somewhere, and for traces. It is most of what it loads. */
const SELDOM_USED = [
  "typescript",
  "@npmcli/arborist",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
];

const fromHere = createRequire(join(process.cwd(), "index.js"));
const fromSdk = createRequire(sdk());

function sdk() {
  try {
    return fromHere.resolve("@pulumi/pulumi");
  } catch {
    console.error(`@pulumi/pulumi is not installed for ${process.cwd()}. Run there: npm install`);
    process.exit(1);
  }
}

/** Has TypeScript compiled as it is loaded. False where there is no tsx. */
function withTsx() {
  try {
    fromHere.resolve("tsx/cjs");
  } catch {
    return false;
  }
  // tsx looks at each file that is loaded after it.
  fromHere("@pulumi/pulumi");
  fromHere("tsx/cjs");
  return true;
}

/** The SDK as it is, but half as long in starting. To be called before anything of it is loaded. */
function lean() {
  for (const name of SELDOM_USED) {
    try {
      postpone(fromSdk.resolve(name));
    } catch {
      // Another release of the SDK has no use for it, or says itself what it misses.
    }
  }
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) withoutTraces(fromSdk("./runtime/debuggable"));
}

/** In the place of a module stands one that loads it when something of it is used. */
function postpone(path) {
  let loaded;
  const get = (_target, name) => {
    // What asks wants to know whether it may take the module as it is, without a copy.
    if (!loaded && name === "__esModule") return true;
    if (!loaded) {
      delete require.cache[path];
      loaded = fromSdk(path);
    }
    return loaded[name];
  };
  require.cache[path] = { id: path, filename: path, loaded: true, exports: new Proxy({}, { get }) };
}

/** The SDK notes for each promise where it was made, though it tells it with that variable alone. */
function withoutTraces(module) {
  const { debuggablePromise } = module;
  module.debuggablePromise = (...given) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...given);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

module.exports = { fromHere, lean, withTsx };
