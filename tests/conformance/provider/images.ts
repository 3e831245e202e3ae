import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const GIB = 1024n ** 3n;

/** Stands in for the servers of cloud images and container templates: every path has a small file of its kind. */
export async function imageServer(): Promise<{ url: string; close(): void }> {
  const server: Server = createServer((incoming, response) => {
    const body = contentOf(new URL(incoming.url ?? "/", "http://images").pathname);
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": body.length,
    });
    response.end(incoming.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function contentOf(path: string): Buffer {
  if (/\.(img|qcow2)$/.test(path)) return qcow2(2n * GIB);
  // The magic number of zstd, or nothing in particular.
  return path.endsWith(".zst") ? Buffer.from("28b52ffd", "hex") : Buffer.from(`${path}\n`);
}

/** The header of an empty disk of `size` bytes: magic number, version 3, clusters of 64 KiB. */
function qcow2(size: bigint): Buffer {
  const header = Buffer.alloc(64 * 1024);
  header.write("QFI\xfb", "latin1");
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(size, 24);
  header.writeUInt32BE(104, 100);
  return header;
}
