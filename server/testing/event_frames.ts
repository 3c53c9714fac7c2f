import { EventSourceParserStream } from "eventsource-parser/stream";

/** One message of an event stream, as EventSource would give it. */
export interface EventFrame {
  /** Absent when the message does not set one. */
  readonly id: string | undefined;
  // deno-lint-ignore no-explicit-any -- whatever the server sent
  readonly data: any;
}

/** So long a test waits for the next message. */
const FRAME_MS_MAX = 20_000;

/** The messages of a response; ending early cancels the stream. */
export async function* readFrames(
  response: Response,
): AsyncGenerator<EventFrame> {
  if (response.status !== 200) throw new Error(await response.text());
  const reader = response.body!
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    while (true) {
      const { value, done } = await within(reader.read());
      if (done) return;
      yield { id: value.id, data: JSON.parse(value.data) };
    }
  } finally {
    await reader.cancel();
  }
}

async function within<Value>(reading: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`No message within ${FRAME_MS_MAX} ms`)),
    FRAME_MS_MAX,
  );
  try {
    return await Promise.race([reading, promise]);
  } finally {
    clearTimeout(timer);
  }
}
