import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog, engineAddress } from "./engineLog";
import { onEnd } from "./lifetime";
import { Operations } from "./operations";
import { service } from "./server";

// Milliseconds for sessions to close; the engine kills plugins after 5000.
const PATIENCE = 3000;

process.on("uncaughtException", fail);

const engine = engineAddress(process.argv.slice(2));
const operations = new Operations();
if (engine) onEnd(() => void leave());

// Inputs and outputs may have any size: the default is 4 MiB.
const server = new Server({ "grpc.max_receive_message_length": -1 });
server.addService(ResourceProviderService, service(operations, new EngineLog(engine)));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) fail(error);
  process.stdout.write(`${port}\n`); // the one line that the engine waits for
});

async function leave(): Promise<void> {
  operations.cancel();
  setTimeout(() => process.exit(), PATIENCE).unref();
  await operations.idle();
  process.exit();
}

function fail(error: Error): never {
  process.stderr.write(`pulumi-resource-command: ${error.message}\n`);
  process.exit(1);
}
