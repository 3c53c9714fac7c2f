import type { Answer, Answers } from "./types.ts";

/** Statuses that say "definitely not applied"; 503 does so only together with Retry-After. */
const REFUSALS = new Set([
  ...[400, 401, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416],
  ...[417, 421, 422, 423, 426, 428, 429, 431, 451, 501],
]);

export interface AnswerParts {
  readonly call: string;
  readonly instance: string;
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One HTTP response, read to its end. */
export class HttpAnswer implements Answer {
  readonly call: string;
  readonly instance: string;
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly outcome: Answer["outcome"];
  /** Why there is no response: "no answer within 5,000 ms". */
  readonly reason?: string;

  private constructor(
    parts: AnswerParts,
    outcome: Answer["outcome"],
    reason?: string,
  ) {
    this.call = parts.call;
    this.instance = parts.instance;
    this.status = parts.status;
    this.headers = parts.headers;
    this.bytes = parts.bytes;
    this.outcome = outcome;
    this.reason = reason;
  }

  static received(parts: AnswerParts): HttpAnswer {
    return new HttpAnswer(parts, outcomeOf(parts));
  }

  /** No response, or half of one. */
  static missing(
    { call, instance }: Pick<AnswerParts, "call" | "instance">,
    { outcome, reason }: {
      readonly outcome: "fail" | "maybe";
      readonly reason: string;
    },
  ): HttpAnswer {
    const nothing = {
      status: 0,
      headers: new Headers(),
      bytes: new Uint8Array(),
    };
    return new HttpAnswer({ call, instance, ...nothing }, outcome, reason);
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  // deno-lint-ignore no-explicit-any -- checks assert on its shape
  get json(): any {
    try {
      return JSON.parse(this.text);
    } catch {
      return undefined; // Not JSON: the check sees that something else came.
    }
  }
}

/** Answers of a burst, in the order of their requests. */
export class AnswerList extends Array<Answer> implements Answers {
  /** `map` and `filter` give ordinary arrays. */
  static override get [Symbol.species]() {
    return Array;
  }

  withStatus(status: number): Answer[] {
    return this.filter((answer) => answer.status === status);
  }

  get statuses(): Readonly<Record<number, number>> {
    return countByStatus(this);
  }
}

export function countByStatus(
  answers: readonly Answer[],
): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** What the stub says in place of an answer: which part is to be built next. */
export function stageToBuild(answer: Answer): string | undefined {
  if (answer.status !== 501) return undefined;
  const { code, detail } = answer.json ?? {};
  return code === "not_implemented" && typeof detail === "string"
    ? detail
    : undefined;
}

function outcomeOf({ status, headers }: AnswerParts): Answer["outcome"] {
  if (status < 400) return "ok";
  if (REFUSALS.has(status)) return "fail";
  return status === 503 && headers.has("retry-after") ? "fail" : "maybe";
}
