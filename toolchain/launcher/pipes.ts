/**
 * Whoever reads the output may have enough before its end, as `head` has. What is being done goes on to its own end: cut
 * short, it would be half done.
 */
export function outlivePipes(
  streams: NodeJS.WriteStream[] = [process.stdout, process.stderr],
): void {
  for (const stream of streams) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
