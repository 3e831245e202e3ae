/**
 * Whoever reads the output may have enough before its end, as `head` has. What is being done goes on to its own end: cut
 * short, it would be half done.
 */
export function outlivePipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
