import { join } from "node:path";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import type {
  Problem,
  SubmissionDetail,
  SubmissionView,
} from "@contract/api.ts";
import type { SubmissionEvent } from "@contract/events.ts";
import type { Submission } from "@contract/submission.ts";
import { findKitFolder } from "../grader/stores/mod.ts";
import { UsageError } from "./exit_codes.ts";

/** Whoever has sent a submission waits so long for a grader that is away: it may be starting again. */
const AWAY_MS_MAX = 60_000;
const RETRY_MS = 500;
/** An answer to one request; streams are not bound by it. */
const ANSWER_MS_MAX = 15_000;

const ADDRESS = z.object({ url: z.url(), token: z.string().min(1) });

/** A running grader and our token for it. */
export type ServerAddress = z.infer<typeof ADDRESS>;

/** The server that `deno task start` or `join` wrote down. Throws a UsageError that says what to do without one. */
export async function findServer(): Promise<ServerAddress> {
  const path = join(findKitFolder(), "server.json");
  try {
    return ADDRESS.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new AwayError(
        "No grader is running here. Start one: deno task start. " +
          "A verdict needs none: deno task workshop <n>",
        { cause },
      );
    }
    throw new UsageError(`${path} is no server's address`, { cause });
  }
}

/** The grader is not there, not itself, or does not know us, as happens while it starts again. */
class AwayError extends UsageError {}

export interface ServerClientOptions {
  /** Told that we wait for a grader that is away. */
  readonly onAway?: () => void;
  readonly awayMsMax?: number;
}

/** Talks to one grader. */
export class ServerClient {
  readonly #address: ServerAddress | undefined;
  readonly #onAway: () => void;
  readonly #awayMsMax: number;

  /** Without an address: whichever grader runs here, also when it starts again with another address and token. */
  constructor(
    address?: ServerAddress,
    { onAway = () => {}, awayMsMax = AWAY_MS_MAX }: ServerClientOptions = {},
  ) {
    this.#address = address;
    this.#onAway = onAway;
    this.#awayMsMax = awayMsMax;
  }

  /** Sends files. The key makes a repeated call give the same submission instead of a second one. */
  async submit(
    submission: Submission,
    { key, signal }: { readonly key: string; readonly signal: AbortSignal },
  ): Promise<SubmissionView> {
    const answer = await this.#request("/api/submissions", {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(submission),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    return await answer.json();
  }

  /** The submission as it is now, from a grader that may be away for a while. */
  async read(id: string, signal: AbortSignal): Promise<SubmissionDetail> {
    return await this.#patiently(id, signal, async () => {
      const answer = await this.#request(`/api/submissions/${id}`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      });
      return await answer.json();
    });
  }

  /** Everything that happens to a submission until it is over; a broken stream is taken up where it broke. */
  async *follow(
    id: string,
    signal: AbortSignal,
  ): AsyncGenerator<SubmissionEvent> {
    let lastId: string | undefined;
    while (true) {
      for await (const message of this.#events(id, { lastId, signal })) {
        lastId = message.id ?? lastId;
        const event: SubmissionEvent = JSON.parse(message.data);
        yield event;
        if (event.kind === "run_finished" || event.kind === "canceled") return;
      }
      const { state } = await this.read(id, signal);
      if (state === "finished" || state === "canceled") return;
      await pause(RETRY_MS, signal);
    }
  }

  async *#events(
    id: string,
    { lastId, signal }: { lastId: string | undefined; signal: AbortSignal },
  ) {
    const headers: HeadersInit = { accept: "text/event-stream" };
    if (lastId !== undefined) headers["last-event-id"] = lastId;
    const path = `/api/submissions/${id}/events`;
    const answer = await this.#patiently(
      id,
      signal,
      () => this.#request(path, { headers, signal }),
    );
    if (answer.body === null) return; // 204: we have seen all.
    try {
      yield* answer.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream());
    } catch (error) {
      // A stream that broke has ended, and is taken up again like any other.
      if (signal.aborted) throw error;
    }
  }

  /** Asks about an accepted submission until there is an answer, or until nobody would wait any longer. */
  async #patiently<Answer>(
    id: string,
    signal: AbortSignal,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const deadline = performance.now() + this.#awayMsMax;
    for (let tries = 1;; tries++) {
      try {
        return await ask();
      } catch (cause) {
        signal.throwIfAborted();
        const isRefused = cause instanceof UsageError &&
          !(cause instanceof AwayError);
        if (isRefused) throw cause;
        if (performance.now() > deadline) throw goneAway(id, cause);
      }
      if (tries === 1) this.#onAway();
      await pause(RETRY_MS, signal);
    }
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const { url, token } = this.#address ?? await findServer();
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    let answer: Response;
    try {
      answer = await fetch(new URL(path, url), { ...init, headers });
    } catch (cause) {
      if (init.signal?.aborted && !isTimeout(cause)) throw cause;
      throw new AwayError(
        `The grader at ${url} does not answer: ${(cause as Error).message}. ` +
          "A verdict needs none: deno task workshop <n>",
        { cause },
      );
    }
    if (answer.ok) return answer;
    const problem: Partial<Problem> = await answer.json().catch(() => ({}));
    const isAway = answer.status === 401 || answer.status >= 500;
    throw new (isAway ? AwayError : UsageError)(
      `The grader at ${url} refused: ${
        problem.detail ?? problem.title ?? `status ${answer.status}`
      }`,
    );
  }
}

function goneAway(id: string, cause: unknown): UsageError {
  return new UsageError(
    `The grader has gone away. Submission ${id} is stored and loses nothing: ` +
      "once the grader runs again (deno task start), it is graded, and its page shows the verdict",
    { cause },
  );
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/** Between two tries to reconnect; ends early when the command is interrupted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    resolve();
  }, { once: true });
  return promise;
}
