/**
 * The only place that talks to the server.
 *
 * @module
 */
import type {
  HealthView,
  Problem,
  ProblemCode,
  SessionView,
  StageHints,
  SubmissionDetail,
  SubmissionList,
  SubmissionView,
  WorkshopDetail,
  WorkshopList,
} from "@contract/api.ts";
import type { SubmissionEvent } from "@contract/events.ts";

export interface ApiOptions {
  /** "http://127.0.0.1:4600" */
  readonly baseUrl: string;
  /** Told after each call whether the server answered at all. */
  readonly onContact?: (isReached: boolean) => void;
}

export interface Api {
  workshops(signal?: AbortSignal): Promise<WorkshopList>;
  workshop(slug: string, signal?: AbortSignal): Promise<WorkshopDetail>;
  hints(slug: string, stage: number, signal?: AbortSignal): Promise<StageHints>;
  unlockHint(slug: string, stage: number): Promise<StageHints>;
  submissions(
    query: SubmissionQuery,
    signal?: AbortSignal,
  ): Promise<SubmissionList>;
  submission(id: string, signal?: AbortSignal): Promise<SubmissionDetail>;
  session(signal?: AbortSignal): Promise<SessionView>;
  health(signal?: AbortSignal): Promise<HealthView>;
  /** What happens to one submission. */
  events(id: string, listener: StreamListener<SubmissionEvent>): EventStream;
  /** Each of my submissions, whenever one changes. */
  changes(listener: StreamListener<SubmissionView>): EventStream;
}

export interface SubmissionQuery {
  readonly workshop?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface StreamListener<T> {
  /** `id` is that of the last event that had one; after a new start some may come again. */
  onEvent(event: T, id: number): void;
  onOpen?(): void;
  /** The stream is being opened again by itself, or (`isFinal`) was refused. */
  onBreak(isFinal: boolean): void;
}

export interface EventStream {
  close(): void;
}

/** The server's own codes, and two that only this side can know. */
export type ApiErrorCode = ProblemCode | "unreachable" | "unreadable";

/** An answer that was no success; `code` says which, `message` is for people. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ApiError";
    this.code = code;
  }
}

export function createApi(options: ApiOptions): Api {
  const read = <T>(path: string, signal?: AbortSignal) =>
    call<T>(options, path, { signal });
  return {
    workshops: (signal) => read("/workshops", signal),
    workshop: (slug, signal) => read(`/workshops/${encode(slug)}`, signal),
    hints: (slug, stage, signal) =>
      read(`/workshops/${encode(slug)}/hints/${stage}`, signal),
    unlockHint: (slug, stage) =>
      call(options, `/workshops/${encode(slug)}/hints/${stage}`, {
        method: "POST",
      }),
    submissions: (query, signal) =>
      read(`/submissions?${searchOf(query)}`, signal),
    submission: (id, signal) => read(`/submissions/${encode(id)}`, signal),
    session: (signal) => read("/session", signal),
    health: (signal) => read("/health", signal),
    events: (id, listener) =>
      openStream(
        `${options.baseUrl}/api/submissions/${encode(id)}/events`,
        listener,
      ),
    changes: (listener) =>
      openStream(`${options.baseUrl}/api/events`, listener),
  };
}

async function call<T>(
  { baseUrl, onContact }: ApiOptions,
  path: string,
  init: RequestInit,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/api${path}`, {
      ...init,
      headers: { accept: "application/json" },
    });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    onContact?.(false);
    throw new ApiError("unreachable", "The server cannot be reached", {
      cause,
    });
  }
  onContact?.(true);
  if (!response.ok) throw await problemOf(response);
  try {
    return await response.json();
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError("unreadable", "The server's answer cannot be read", {
      cause,
    });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/problem+json")) {
    await response.body?.cancel();
    return new ApiError(
      "unreadable",
      `The server answered ${response.status} without saying why`,
    );
  }
  const problem: Problem = await response.json();
  return new ApiError(problem.code, problem.detail ?? problem.title);
}

function openStream<T>(url: string, listener: StreamListener<T>): EventStream {
  const source = new EventSource(url);
  source.onopen = () => listener.onOpen?.();
  source.onmessage = ({ data, lastEventId }) =>
    listener.onEvent(JSON.parse(data), Number(lastEventId));
  source.onerror = () =>
    listener.onBreak(source.readyState === EventSource.CLOSED);
  return source;
}

function searchOf(query: SubmissionQuery): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) =>
    value !== undefined
  );
  return new URLSearchParams(
    given.map(([name, value]) => [name, String(value)]),
  );
}

function encode(segment: string): string {
  return encodeURIComponent(segment);
}
