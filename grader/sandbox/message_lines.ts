// Kept before the learner's code, which shares the host's process, can replace them.
const { parse, stringify } = JSON;

/** A message longer than this comes from a broken or hostile peer. */
const LINE_CHARS_MAX = 256 * 1024;

/**
 * The JSON values of a byte stream with one value a line, until it ends. A reset counts as its end, and so does
 * a line that is too long or no JSON: the learner's code shares the process that writes them.
 */
export async function* messageLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<unknown> {
  let rest = "";
  try {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      if (rest.length > LINE_CHARS_MAX) return;
      for (const line of lines) yield parse(line);
    }
  } catch {
    return; // Reset, closed by us, or not JSON: nothing more is to be had from this peer.
  }
}

/** Writes one value as a line. */
export async function writeMessage(
  connection: Deno.Conn,
  message: unknown,
): Promise<void> {
  let bytes = new TextEncoder().encode(stringify(message) + "\n");
  while (bytes.length > 0) {
    bytes = bytes.subarray(await connection.write(bytes));
  }
}
