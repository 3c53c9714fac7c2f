import type { HostExit } from "../types.ts";
import { printable } from "../printable.ts";

/** Both streams of one process together. */
export const OUTPUT_BYTES_MAX = 1024 * 1024;

/** Longer lines are cut when they are shown. */
const LINE_CHARS_MAX = 4_000;
/** Lines kept for a listener that comes later. */
const LINES_MAX = 200;
/** Of the error output, for finding out what the process died of. */
const TAIL_CHARS_MAX = 4_000;

/** What a process printed: cut into lines, bounded, and safe to show. */
export interface OutputWatch {
  onLine(listener: (line: string) => void): void;
  /** Last characters of the error output. */
  readonly stderrTail: string;
  /** Both streams have ended. */
  readonly ended: Promise<void>;
}

/** Reads both streams of a process; calls `onFlood` once it printed more than `bytesMax`, and reads no further. */
export function watchOutput(
  child: Deno.ChildProcess,
  { bytesMax, onFlood, shorten }: {
    readonly bytesMax: number;
    /** Takes the machine's paths out of a line. */
    readonly shorten: (line: string) => string;
    readonly onFlood: (exit: HostExit) => void;
  },
): OutputWatch {
  const lines: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  let bytes = 0;
  let stderrTail = "";
  const emit = (line: string) => {
    const shown = printable(shorten(line), LINE_CHARS_MAX);
    lines.push(shown);
    if (lines.length > LINES_MAX) lines.shift();
    for (const listener of listeners) listener(shown);
  };
  const isOver = (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > bytesMax) onFlood(outputExit(bytesMax));
    return bytes > bytesMax;
  };
  const keepTail = (text: string) => {
    stderrTail = (stderrTail + text).slice(-TAIL_CHARS_MAX);
  };
  const ended = Promise.all([
    readLines(child.stdout, { isOver, emit }),
    readLines(child.stderr, { isOver, emit, onText: keepTail }),
  ]).then(() => {});
  return {
    onLine(listener) {
      lines.forEach((line) => listener(line));
      listeners.push(listener);
    },
    get stderrTail() {
      return stderrTail;
    },
    ended,
  };
}

function outputExit(bytesMax: number): HostExit {
  return {
    reason: "output_limit",
    message: `The process printed more than ${Math.floor(bytesMax / 1024)} KB`,
  };
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { isOver, emit, onText = () => {} }: {
    readonly isOver: (chunk: Uint8Array) => boolean;
    readonly emit: (line: string) => void;
    readonly onText?: (text: string) => void;
  },
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    if (isOver(chunk)) break; // Closes the pipe: the process cannot fill our memory either.
    const text = decoder.decode(chunk, { stream: true });
    onText(text);
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    parts.forEach(emit);
  }
  if (rest !== "") emit(rest);
}
