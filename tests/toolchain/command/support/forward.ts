import { connect, createServer, type Socket } from "node:net";

/** Passes loopback connections from one port on to another. `close` cuts those that are open, too. */
export async function forward(from: number, to: number): Promise<{ close(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const onward = connect(to, "127.0.0.1");
    sockets.push(socket, onward);
    for (const end of [socket, onward]) end.on("error", () => {});
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(from, "127.0.0.1", resolve));
  return {
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
