/** `fetch` to one backend over connections that are used again: who has just answered need not be called anew. */
import type { Upstream } from "@contract/system.ts";
import { ByteReader } from "./byte_reader.ts";
import {
  framingOf,
  type Question,
  readBody,
  readHead,
  writeQuestion,
} from "./http_message.ts";

/** Idle connections that are kept; more at a time may be in use. */
const IDLE_MAX = 32;

interface Line {
  readonly connection: Deno.Conn;
  readonly reader: ByteReader;
}

export class KeptConnections {
  readonly #idle = new Set<Line>();
  /** False while the backend is not in the list: then nothing is kept for it. */
  #isKeeping = true;

  constructor(readonly upstream: Pick<Upstream, "connect">) {}

  /** Gives the answer when its head is here. Rejects when the connection breaks or `signal` aborts before. */
  async fetch(question: Question, signal: AbortSignal): Promise<Response> {
    signal.throwIfAborted();
    const line = this.#takeIdle() ?? await this.#connect(signal);
    const hangUp = () => closeQuietly(line);
    signal.addEventListener("abort", hangUp);
    let isSent = false;
    let isOver = false;
    const end = (isWhole: boolean) => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener("abort", hangUp);
      if (isWhole && isSent && !signal.aborted) this.#keep(line);
      else hangUp();
    };
    try {
      signal.throwIfAborted(); // After its deadline nothing may be sent.
      writeQuestion(question, (bytes) => writeAll(line, bytes)).then(
        () => isSent = true,
        hangUp, // Half a question must not look like a whole one.
      );
      const head = await readHead(line.reader);
      const framing = framingOf(question.method, head);
      const isLast = /(^|[\s,])close([\s,]|$)/i
        .test(head.headers.get("connection") ?? "");
      const mayKeep = framing !== "until close" && !isLast;
      if (framing === 0) end(mayKeep);
      const body = framing === 0 ? null : streamOf(
        readBody(line.reader, framing),
        (isWhole) => end(isWhole && mayKeep),
      );
      return new Response(body, head);
    } catch (error) {
      end(false);
      throw error;
    }
  }

  /** The backend has come into the list, or has left it. */
  setKeeping(isKeeping: boolean): void {
    this.#isKeeping = isKeeping;
    if (isKeeping) return;
    for (const line of this.#idle) closeQuietly(line);
    this.#idle.clear();
  }

  /** The one that was used last: it is the likeliest to be alive still. */
  #takeIdle(): Line | undefined {
    const line = [...this.#idle].at(-1);
    if (line) this.#idle.delete(line);
    return line;
  }

  /** `connect()` takes no signal: when that aborts nobody waits for it, and who comes later is sent away. */
  async #connect(signal: AbortSignal): Promise<Line> {
    const connecting = this.upstream.connect();
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => aborted.reject(signal.reason));
    try {
      const connection = await Promise.race([connecting, aborted.promise]);
      return { connection, reader: new ByteReader(connection) };
    } catch (error) {
      connecting.then((late) => late.close(), () => {});
      throw error;
    }
  }

  #keep(line: Line): void {
    const isClean = !line.reader.hasRest;
    if (!isClean || !this.#isKeeping || this.#idle.size >= IDLE_MAX) {
      return closeQuietly(line);
    }
    this.#idle.add(line);
    // An idle backend has nothing to say. If it does, or hangs up, the next request must not get this line.
    const drop = () => {
      if (this.#idle.delete(line)) closeQuietly(line);
    };
    line.reader.more().then(drop, drop);
  }
}

/** `onEnd` hears once whether all of it was read. */
function streamOf(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  onEnd: (isWhole: boolean) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(value);
        onEnd(true);
        controller.close();
      } catch (error) {
        onEnd(false);
        controller.error(error);
      }
    },
    cancel: () => onEnd(false),
  });
}

async function writeAll({ connection }: Line, bytes: Uint8Array) {
  for (let rest = bytes; rest.length > 0;) {
    rest = rest.subarray(await connection.write(rest));
  }
}

function closeQuietly({ connection }: Line): void {
  try {
    connection.close();
  } catch {
    // It was closed already.
  }
}
