/** A stack of free lines, each of which knows by itself whether it is still alive, and bodies that say how they were left. */
import type { Upstream } from "@contract/system.ts";
import { ByteReader } from "./byte_reader.ts";
import {
  framingOf,
  type Question,
  readBody,
  readHead,
  writeQuestion,
} from "./http_message.ts";

const FREE_MAX = 64;

class Line {
  isOver = false;
  readonly reader: ByteReader;

  constructor(readonly connection: Deno.Conn) {
    this.reader = new ByteReader(connection);
  }

  close(): void {
    if (!this.isOver) this.connection.close();
    this.isOver = true;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.connection.write(bytes.subarray(sent));
    }
  }
}

export class KeptConnections {
  #free: Line[] = [];
  #most = FREE_MAX;

  constructor(readonly upstream: Pick<Upstream, "connect">) {}

  setKeeping(isKeeping: boolean): void {
    this.#most = isKeeping ? FREE_MAX : 0;
    for (const line of this.#free.splice(this.#most)) line.close();
  }

  async fetch(question: Question, signal: AbortSignal): Promise<Response> {
    this.#free = this.#free.filter(({ isOver }) => !isOver);
    const line = this.#free.pop() ?? new Line(await this.upstream.connect());
    const close = () => line.close();
    if (signal.aborted) close();
    signal.addEventListener("abort", close);
    let isAsked = false;
    writeQuestion(question, (bytes) => line.write(bytes))
      .then(() => isAsked = true).catch(close);
    try {
      const head = await readHead(line.reader);
      const framing = framingOf(question.method, head);
      const isLast = framing === "until close" ||
        /\bclose\b/i.test(head.headers.get("connection") ?? "");
      const answered = (isWhole: boolean) => {
        signal.removeEventListener("abort", close);
        const isFree = isWhole && isAsked && !isLast && !line.isOver;
        if (isFree && !line.reader.hasRest) this.#give(line);
        else close();
      };
      if (framing === 0) {
        answered(true);
        return new Response(null, head);
      }
      const pieces = readBody(line.reader, framing);
      return new Response(ReadableStream.from(told(pieces, answered)), head);
    } catch (error) {
      signal.removeEventListener("abort", close);
      close();
      throw error;
    }
  }

  #give(line: Line): void {
    if (this.#free.length >= this.#most) return line.close();
    this.#free.push(line);
    const lapse = () => this.#free.includes(line) && line.close();
    line.reader.more().then(lapse, lapse);
  }
}

/** Says once how the iteration has ended; a reader who leaves calls `return`. */
function told(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  onEnd: (isWhole: boolean) => void,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const result = await pieces.next().catch((error) => {
          onEnd(false);
          throw error;
        });
        if (result.done) onEnd(true);
        return result;
      },
      return() {
        onEnd(false);
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  };
}
