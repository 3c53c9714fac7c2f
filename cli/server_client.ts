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

/** A stream that breaks is taken up again this often in a row without news. */
const RECONNECTS_MAX = 10;
const RECONNECT_MS = 500;
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
      throw new UsageError(
        "No grader is running here. Start one: deno task start. " +
          "A verdict needs none: deno task workshop <n>",
        { cause },
      );
    }
    throw new UsageError(`${path} is no server's address`, { cause });
  }
}

/** Nobody answers at the grader's address; it may come back. */
class UnreachableError extends UsageError {}

/** Talks to one grader. */
export class ServerClient {
  readonly #address: ServerAddress;

  constructor(address: ServerAddress) {
    this.#address = address;
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

  /** The submission as it is now. */
  async read(id: string, signal: AbortSignal): Promise<SubmissionDetail> {
    const answer = await this.#request(`/api/submissions/${id}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    return await answer.json();
  }

  /** Everything that happens to a submission until it is over; a broken stream is taken up where it broke. */
  async *follow(
    id: string,
    signal: AbortSignal,
  ): AsyncGenerator<SubmissionEvent> {
    let lastId: string | undefined;
    for (let failures = 0; failures <= RECONNECTS_MAX; failures++) {
      try {
        for await (const message of this.#events(id, { lastId, signal })) {
          failures = 0;
          lastId = message.id ?? lastId;
          const event: SubmissionEvent = JSON.parse(message.data);
          yield event;
          if (event.kind === "run_finished" || event.kind === "canceled") {
            return;
          }
        }
        const { state } = await this.read(id, signal);
        if (state === "finished" || state === "canceled") return;
      } catch (error) {
        const isFinal = error instanceof UsageError &&
          !(error instanceof UnreachableError);
        if (signal.aborted || isFinal) throw error;
      }
      await pause(RECONNECT_MS, signal);
    }
    throw new UsageError(
      `The grader at ${this.#address.url} has gone away. Submission ${id} is stored and loses nothing: ` +
        "once the grader runs again (deno task start), it is graded, and its page shows the verdict",
    );
  }

  async *#events(
    id: string,
    { lastId, signal }: { lastId: string | undefined; signal: AbortSignal },
  ) {
    const headers: HeadersInit = { accept: "text/event-stream" };
    if (lastId !== undefined) headers["last-event-id"] = lastId;
    const path = `/api/submissions/${id}/events`;
    const answer = await this.#request(path, { headers, signal });
    if (answer.body === null) return; // 204: we have seen all.
    yield* answer.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const { url, token } = this.#address;
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    let answer: Response;
    try {
      answer = await fetch(new URL(path, url), { ...init, headers });
    } catch (cause) {
      if (init.signal?.aborted && !isTimeout(cause)) throw cause;
      throw new UnreachableError(
        `The grader at ${url} does not answer: ${(cause as Error).message}. ` +
          "A verdict needs none: deno task workshop <n>",
        { cause },
      );
    }
    if (answer.ok) return answer;
    const problem: Partial<Problem> = await answer.json().catch(() => ({}));
    throw new UsageError(
      `The grader at ${url} refused: ${
        problem.detail ?? problem.title ?? `status ${answer.status}`
      }`,
    );
  }
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
