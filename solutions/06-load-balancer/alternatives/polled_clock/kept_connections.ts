/** All lines in one list, busy and free; bodies are pumped into a stream, and the pump's end sets the line free. */
import type { Upstream } from "@contract/system.ts";
import { ByteReader } from "./byte_reader.ts";
import {
  type Framing,
  framingOf,
  type Question,
  readBody,
  readHead,
  writeQuestion,
} from "./http_message.ts";

const LINES_MAX = 100;

interface Line {
  readonly connection: Deno.Conn;
  readonly reader: ByteReader;
  isBusy: boolean;
}

export class KeptConnections {
  #lines: Line[] = [];
  #isKeeping = true;

  constructor(readonly upstream: Pick<Upstream, "connect">) {}

  setKeeping(isKeeping: boolean): void {
    this.#isKeeping = isKeeping;
    if (!isKeeping) this.#lines.filter(isFree).forEach((one) => this.#end(one));
  }

  async fetch(question: Question, signal: AbortSignal): Promise<Response> {
    const line = this.#lines.find(isFree) ?? await this.#open();
    line.isBusy = true;
    const end = () => this.#end(line);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    const asking = writeQuestion(question, async (bytes) => {
      let from = 0;
      while (from < bytes.length) {
        from += await line.connection.write(bytes.subarray(from));
      }
    });
    let isAsked = false;
    asking.then(() => isAsked = true, end);
    const head = await readHead(line.reader).catch((error) => {
      signal.removeEventListener("abort", end);
      end();
      throw error;
    });
    const framing = framingOf(question.method, head);
    const isLast = framing === "until close" ||
      /(^|[\s,])close([\s,]|$)/i.test(head.headers.get("connection") ?? "");
    const free = () => {
      signal.removeEventListener("abort", end);
      if (isLast || !isAsked || line.reader.hasRest) end();
      else this.#free(line);
    };
    if (framing === 0) {
      free();
      return new Response(null, head);
    }
    return new Response(pumped(line, framing, { free, end }), head);
  }

  async #open(): Promise<Line> {
    const connection = await this.upstream.connect();
    const reader = new ByteReader(connection);
    const line = { connection, reader, isBusy: true };
    this.#lines.push(line);
    return line;
  }

  #free(line: Line): void {
    const mayStay = this.#isKeeping && this.#lines.length <= LINES_MAX;
    if (!mayStay || !this.#lines.includes(line)) return this.#end(line);
    line.isBusy = false;
    const lapse = () => line.isBusy || this.#end(line);
    line.reader.more().then(lapse, lapse);
  }

  #end(line: Line): void {
    if (!this.#lines.includes(line)) return;
    this.#lines = this.#lines.filter((one) => one !== line);
    line.connection.close();
  }
}

function isFree({ isBusy }: Line): boolean {
  return !isBusy;
}

function pumped(
  { reader }: Line,
  framing: Framing,
  { free, end }: { readonly free: () => void; readonly end: () => void },
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.closed.catch(end); // The reader has left.
  async function pump(): Promise<void> {
    for await (const piece of readBody(reader, framing)) {
      await writer.write(piece);
    }
    free();
    await writer.close();
  }
  pump().catch((error) => {
    end();
    writer.abort(error).catch(() => {});
  });
  return readable;
}
