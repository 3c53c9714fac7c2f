/** Reads a stream to its end and gives the last `bytesMax` bytes as text: a flood costs no memory. */
export async function tailOf(
  stream: ReadableStream<Uint8Array>,
  bytesMax: number,
): Promise<string> {
  let tail = new Uint8Array();
  for await (const chunk of stream) {
    const joined = new Uint8Array(tail.length + chunk.length);
    joined.set(tail);
    joined.set(chunk, tail.length);
    tail = joined.slice(-bytesMax);
  }
  return new TextDecoder().decode(tail);
}
