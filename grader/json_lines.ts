/** A line longer than this comes from a broken peer. */
const LINE_CHARS_MAX = 4 * 1024 * 1024;

/** The JSON values of a byte stream with one value a line, until it ends. A reset counts as its end. */
export async function* jsonLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<unknown> {
  let rest = "";
  const chunks = stream.pipeThrough(new TextDecoderStream());
  try {
    for await (const chunk of chunks) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      if (rest.length > LINE_CHARS_MAX) {
        throw new RangeError(
          `A line may have ${LINE_CHARS_MAX} characters; this one has ${rest.length}`,
        );
      }
      for (const line of lines) yield JSON.parse(line);
    }
  } catch (error) {
    if (!isDisconnect(error)) throw error;
  }
}

function isDisconnect(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.Interrupted;
}
