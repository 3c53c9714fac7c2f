import { TRACE_ROWS_MAX, type TraceRow } from "@contract/trace.ts";
import { type HttpAnswer, stageToBuild } from "../clients/answer.ts";
import { lastExchanges } from "./last_exchanges.ts";
import { Repeats } from "./repeats.ts";
import { describeSent, type SentCall } from "./sent_calls.ts";
import type { TraceSink } from "../wire/types.ts";

const ROW_CHARS_MAX = 200;
/** Rows in memory, so that a request of some seconds is still there when its response comes. */
const ROWS_HELD_MAX = 5_000;
/** Last lines of the learner's own that a failure shows. */
const LOG_LINES_MAX = 40;
/** All that the learner's code printed in one check; the run keeps 64 KB of it. */
const OUTPUT_CHARS_MAX = 64 * 1024;

/** Everything that one try of a check leaves behind for people to read. */
export class Evidence implements TraceSink {
  #startedMs = performance.now();
  readonly #open = new Map<number, OpenCall>();
  /** Rows of each instance since it last served a request. */
  readonly #idle = new Map<string, Set<string>>();
  readonly #repeats = new Repeats();
  #rows: TraceRow[] = [];
  #sent: SentCall[] = [];
  #logs: string[] = [];
  #output: string[] = [];
  #outputChars = 0;
  #spans = 0;
  #toBuild: string | undefined;
  #hasLostCall = false;
  #seenWhilePolling: Set<string> | undefined;

  /** The check begins now; how its system was made ready is no part of it. */
  begin(): void {
    this.#startedMs = performance.now();
    this.#rows = [];
    this.#repeats.clear();
  }

  nowMs(): number {
    return Math.round((performance.now() - this.#startedMs) * 10) / 10;
  }

  nextSpan(): number {
    return ++this.#spans;
  }

  /**
   * From here on a row like an earlier one is left out, until disposed: polling the same thing a hundred times must
   * not push out the rows that say why.
   */
  polling(): Disposable {
    const outer = this.#seenWhilePolling;
    this.#seenWhilePolling = outer ?? new Set();
    return { [Symbol.dispose]: () => this.#seenWhilePolling = outer };
  }

  write(row: TraceRow): void {
    const seen = this.#seenWhilePolling ??
      this.#seenWhileIdle(row.instance, row.kind);
    for (const each of this.#repeats.newRows(row, seen)) this.#insert(each);
  }

  /** A row of the lab's own that is about nothing but this moment. */
  note(kind: TraceRow["kind"], text: string, instance?: string): void {
    this.write({ atMs: this.nowMs(), kind, text, instance });
  }

  /** What came before is not part of the failing interleaving. */
  mark(): void {
    this.#rows = [];
    this.#repeats.clear();
    this.#idle.clear();
    this.#sent = [];
    this.#toBuild = undefined;
  }

  requestSent(sent: SentCall): number {
    const span = this.nextSpan();
    const { call, instance } = sent;
    this.#idle.delete(instance);
    this.#sent.push(sent);
    this.#open.set(span, { sent, sinceMs: performance.now() });
    this.write({
      atMs: this.nowMs(),
      instance,
      kind: "request",
      text: call,
      span,
    });
    return span;
  }

  answered(span: number, answer: HttpAnswer): void {
    const isLost = answer.status === 0;
    this.replied(span, {
      instance: answer.instance,
      text: isLost ? `no response: ${answer.reason}` : String(answer.status),
      isLost,
      toBuild: stageToBuild(answer),
    });
  }

  /** A reply of any protocol, or the news that none will come. */
  replied(span: number, reply: Replied): void {
    const { instance, text, isLost = false, toBuild } = reply;
    const open = this.#open.get(span);
    this.#open.delete(span);
    this.#toBuild ??= toBuild;
    this.#hasLostCall ||= isLost;
    const durationMs = open === undefined
      ? undefined
      : Math.round((performance.now() - open.sinceMs) * 10) / 10;
    this.write({
      atMs: this.nowMs(),
      instance,
      kind: "response",
      text: `→ ${text}`,
      span,
      durationMs,
    });
  }

  /** A line that an instance printed or logged. */
  printed(instance: string, line: string): void {
    this.note("log", line, instance);
    this.#logs.push(`${instance}: ${line}`);
    if (this.#logs.length > LOG_LINES_MAX) this.#logs.shift();
    if (this.#outputChars < OUTPUT_CHARS_MAX) {
      this.#output.push(`${instance}: ${line}\n`);
      this.#outputChars += line.length + 4;
    }
  }

  get rows(): readonly TraceRow[] {
    return lastExchanges(this.#rows, TRACE_ROWS_MAX);
  }

  get logs(): readonly string[] {
    return this.#logs;
  }

  get output(): string {
    return this.#output.join("");
  }

  get sent(): string | undefined {
    return describeSent(this.#sent);
  }

  /** What the stub said is to be built, if it was the stub that answered. */
  get toBuild(): string | undefined {
    return this.#toBuild;
  }

  /** A request got no response: perhaps its process is gone, which tells more than the missing answer. */
  get hasLostCall(): boolean {
    return this.#hasLostCall;
  }

  /** "GET /api/x to A (4.1 s)", the oldest first. */
  get unanswered(): string[] {
    return [...this.#open.values()].map(({ sent, sinceMs }) => {
      const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1);
      return `${sent.call} to ${sent.instance} (${seconds} s)`;
    });
  }

  /** Where its time says: a question that seemed a repeat comes after what happened until its reply. */
  #insert(row: TraceRow): void {
    const { text, atMs } = row;
    const isLong = text.length > ROW_CHARS_MAX;
    const shown = isLong
      ? { ...row, text: `${text.slice(0, ROW_CHARS_MAX - 1)}…` }
      : row;
    const before = this.#rows.findLastIndex((each) => each.atMs <= atMs);
    this.#rows.splice(before + 1, 0, shown);
    if (this.#rows.length > ROWS_HELD_MAX) this.#rows.shift();
  }

  /** An instance that serves no request only polls its stores: it has its own memory of what it repeats. */
  #seenWhileIdle(
    instance: string | undefined,
    kind: TraceRow["kind"],
  ): Set<string> | undefined {
    if (instance === undefined || !WIRE_KINDS.has(kind)) return undefined;
    for (const { sent } of this.#open.values()) {
      if (sent.instance === instance) return undefined;
    }
    const seen = this.#idle.get(instance) ?? new Set();
    this.#idle.set(instance, seen);
    return seen;
  }
}

const WIRE_KINDS: ReadonlySet<TraceRow["kind"]> = new Set(
  ["redis", "postgres", "upstream", "peer"],
);

interface Replied {
  readonly instance: string;
  readonly text: string;
  /** Nothing came: perhaps the process is gone. */
  readonly isLost?: boolean;
  /** What a stub said in place of a reply. */
  readonly toBuild?: string;
}

interface OpenCall {
  readonly sent: SentCall;
  readonly sinceMs: number;
}
