import type { TraceKind } from "@contract/trace.ts";
import { clockWarning } from "./clock_warnings.ts";
import type { Exchange, ReplyPart } from "./codec.ts";
import { ROW_CHARACTERS_MAX, shortText } from "./short_text.ts";
import type { ProxyCounts, ProxyOptions, WireWarning } from "./types.ts";

/** What one proxy has seen: counts, rows of the evidence, warnings. */
export class Ledger {
  readonly warnings: WireWarning[] = [];
  readonly #options: ProxyOptions;
  readonly #kind: TraceKind;
  readonly #pending = new Map<Exchange, Pending>();
  readonly #byName: Record<string, number> = {};
  readonly #statements: string[] = [];
  #messages = 0;
  #roundTrips = 0;
  #bytesReceived = 0;
  #connections = 0;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#kind = options.kind ?? KINDS[options.protocol];
  }

  get outstanding(): number {
    return this.#pending.size;
  }

  get activity(): number {
    return 2 * this.#messages - this.#pending.size;
  }

  counts(): ProxyCounts {
    return {
      messages: this.#messages,
      roundTrips: this.#roundTrips,
      bytesReceived: this.#bytesReceived,
      byName: { ...this.#byName },
      statements: [...this.#statements],
      connections: this.#connections,
    };
  }

  connected(): void {
    this.#connections += 1;
  }

  roundTripBegan(): void {
    this.#roundTrips += 1;
  }

  received(bytes: number): void {
    this.#bytesReceived += bytes;
  }

  asked(exchange: Exchange): void {
    this.#messages += 1;
    this.#byName[exchange.name] = (this.#byName[exchange.name] ?? 0) + 1;
    if (this.#statements.length < STATEMENTS_MAX) {
      this.#statements.push(...exchange.statements ?? []);
    }
    for (const code of exchange.warnings ?? []) this.#warn(code);
    const { trace } = this.#options;
    const span = trace?.nextSpan();
    this.#pending.set(exchange, {
      span,
      askedAtMs: performance.now(),
      heldMs: 0,
    });
    this.#row(this.#named(exchange.text), { span });
  }

  /** A gate held this one back for so long. */
  held(exchange: Exchange, heldMs: number): void {
    const pending = this.#pending.get(exchange);
    if (pending) pending.heldMs += heldMs;
  }

  /** A store-wide gate lets go: it was this that the older ones have waited for. */
  markHeld(): void {
    const nowMs = performance.now();
    for (const pending of this.#pending.values()) {
      const waitedMs = nowMs - pending.askedAtMs;
      if (waitedMs >= HELD_MS_MIN) pending.heldMs = waitedMs;
    }
  }

  answered({ completes, text }: ReplyPart): void {
    const pending = completes && this.#pending.get(completes);
    if (!pending) return;
    this.#pending.delete(completes);
    const { span, askedAtMs, heldMs } = pending;
    this.#row(`→ ${text}`, {
      span,
      durationMs: oneDecimal(performance.now() - askedAtMs),
      ...heldMs > 0 && { heldMs: oneDecimal(heldMs) },
    });
  }

  pushed(text: string): void {
    this.#row(`← ${text}`, {});
  }

  /** Of the connection itself, where there are no messages. */
  told(text: string): void {
    this.#row(this.#named(text), {});
  }

  /** The connection is gone: no reply will come to these. */
  abandoned(exchanges: Iterable<Exchange>): void {
    for (const exchange of exchanges) {
      const pending = this.#pending.get(exchange);
      if (!pending) continue;
      this.#pending.delete(exchange);
      const durationMs = oneDecimal(performance.now() - pending.askedAtMs);
      this.#row("→ no reply: connection closed", {
        span: pending.span,
        durationMs,
      });
    }
  }

  #warn(code: string): void {
    if (this.warnings.some((warning) => warning.code === code)) return;
    const { instance } = this.#options;
    this.warnings.push({ code, instance, message: clockWarning(code) });
  }

  #named(text: string): string {
    const { name } = this.#options;
    return name ? `${name} ${text}` : text;
  }

  #row(
    text: string,
    extra: { span?: number; durationMs?: number; heldMs?: number },
  ): void {
    const { trace, instance } = this.#options;
    trace?.write({
      atMs: trace.nowMs(),
      instance,
      kind: this.#kind,
      text: shortText(text, ROW_CHARACTERS_MAX),
      ...extra,
    });
  }
}

interface Pending {
  readonly span: number | undefined;
  readonly askedAtMs: number;
  heldMs: number;
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

const KINDS: Readonly<Record<ProxyOptions["protocol"], TraceKind>> = {
  redis: "redis",
  postgres: "postgres",
  http: "peer",
  raw: "peer",
};
/** Two polls of a write gate: a command of this age was waiting for the gate. */
const HELD_MS_MIN = 10;
const STATEMENTS_MAX = 100_000;
