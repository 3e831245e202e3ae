/** What is printed meanwhile, instead of on the terminal. */
export async function printed(stream: NodeJS.WriteStream, work: () => unknown): Promise<string> {
  const original = stream.write;
  let text = "";
  stream.write = ((chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  }) as typeof stream.write;
  try {
    await work();
  } finally {
    stream.write = original;
  }
  return text;
}
