/**
 * Speaks contract/api.ts with made-up data, for tests and for work on the page.
 *
 * @module
 */
import type {
  Problem,
  ProblemCode,
  SessionView,
  StageHints,
  SubmissionDetail,
  SubmissionView,
} from "@contract/api.ts";
import { PROBLEM_CODES } from "@contract/api.ts";
import type { SubmissionEvent } from "@contract/events.ts";
import { SUBMISSIONS } from "./submissions.ts";
import { workshopDetail, WORKSHOPS } from "./workshops.ts";

const HINTS = [
  "Two instances share nothing but the stores. Who decides?",
  "`INCR` adds one **and** tells you the result, in one step that nobody can come between.",
  "```ts\nconst used = await redis.incr(key);\nif (used === 1) await redis.pExpire(key, 60_000); // and if you die here?\n```",
];

export interface FixtureServer {
  /** Answers what a browser or a model asks. */
  handle(request: Request): Response;
  /** Every call after this one is refused, as before signing in. */
  isSignedIn: boolean;
  /** Adds a submission of 03 that has only begun, and gives its id. */
  begin(): string;
  /** Appends an event to the run begun last. */
  push(event: SubmissionEvent): void;
  /** Resolves when somebody begins to follow the run. */
  nextFollower(): Promise<void>;
  /** Breaks every open stream, as a restart of the server would. */
  dropStreams(): void;
}

export function createFixtureServer(): FixtureServer {
  const unlocked = new Map<string, number>();
  const events: SubmissionEvent[] = [];
  const runStreams = new Set<Controller>();
  const changeStreams = new Set<Controller>();
  let begun: SubmissionDetail | undefined;
  let follower = Promise.withResolvers<void>();

  function handle(request: Request): Response {
    const { pathname, searchParams } = new URL(request.url);
    const [resource, id, part, extra] = pathname.split("/").slice(2);
    if (resource === "health") return Response.json(HEALTH);
    if (!server.isSignedIn) return problem("unauthenticated");
    if (resource === "session") return Response.json(SESSION);
    if (resource === "events") return openStream(changeStreams, []);
    if (resource === "workshops") {
      if (id === undefined) return Response.json({ workshops: WORKSHOPS });
      if (part === "hints") return hints(request.method, `${id}/${extra}`);
      return found(workshopDetail(id));
    }
    if (resource === "submissions") {
      if (id === undefined) return list(searchParams);
      if (part === "events") {
        const from = Number(request.headers.get("last-event-id") ?? 0);
        const missed = events.slice(from);
        follower.resolve();
        return openStream(
          runStreams,
          missed.map((event, index) => frame(event, from + index + 1)),
        );
      }
      return found(submissions().find((each) => each.id === id));
    }
    return problem("not_found");
  }

  function submissions(): readonly SubmissionDetail[] {
    return begun === undefined ? SUBMISSIONS : [begun, ...SUBMISSIONS];
  }

  function list(query: URLSearchParams): Response {
    const workshop = query.get("workshop");
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit") ?? 20);
    const all = submissions().filter((each) =>
      workshop === null || each.workshop === workshop
    );
    const page = all.slice(from, to).map(viewOf);
    const cursor = to < all.length ? String(to) : undefined;
    return Response.json({ submissions: page, cursor });
  }

  function hints(method: string, key: string): Response {
    let count = unlocked.get(key) ?? 0;
    if (method === "POST") {
      if (count === HINTS.length) return problem("conflict");
      unlocked.set(key, ++count);
    }
    const view: StageHints = {
      stage: Number(key.split("/")[1]),
      unlocked: HINTS.slice(0, count),
      total: HINTS.length,
    };
    return Response.json(view);
  }

  const server: FixtureServer = {
    handle,
    isSignedIn: true,
    begin() {
      events.length = 0;
      begun = {
        ...SUBMISSIONS[0]!,
        id: `s-live-${crypto.randomUUID().slice(0, 8)}`,
        state: "queued",
        verdict: undefined,
        report: undefined,
        queue: { position: 3, etaMs: 9000 },
        receivedAt: new Date().toISOString(),
        checks: [],
      };
      tell(changeStreams, frame(viewOf(begun)));
      return begun.id;
    },
    push(event) {
      begun = after(begun!, event);
      // The place in the line as it changes is told, not kept.
      const isKept = event.kind !== "queued" || events.length === 0;
      if (isKept) events.push(event);
      tell(runStreams, frame(event, isKept ? events.length : undefined));
      tell(changeStreams, frame(viewOf(begun)));
    },
    nextFollower() {
      follower = Promise.withResolvers();
      return follower.promise;
    },
    dropStreams() {
      for (const stream of [...runStreams, ...changeStreams]) stream.close();
      runStreams.clear();
      changeStreams.clear();
    },
  };
  return server;
}

const SESSION: SessionView = {
  mode: "solo",
  person: { id: "p-1", name: "You", role: "owner" },
};

const HEALTH = {
  status: "ok",
  kitVersion: "0.1.0",
  queued: 0,
  running: 0,
  workers: 1,
};

function after(
  submission: SubmissionDetail,
  event: SubmissionEvent,
): SubmissionDetail {
  switch (event.kind) {
    case "queued": {
      const { position, etaMs } = event;
      return { ...submission, queue: { position, etaMs } };
    }
    case "claimed":
      return { ...submission, state: "running", queue: undefined };
    case "check_finished": {
      const { id, status } = event.check;
      return { ...submission, checks: [...submission.checks, { id, status }] };
    }
    case "run_finished": {
      const { report } = event;
      return {
        ...submission,
        state: "finished",
        verdict: report.verdict,
        report,
      };
    }
    default:
      return submission;
  }
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

function openStream(
  streams: Set<Controller>,
  missed: readonly Uint8Array[],
): Response {
  let own: Controller;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      own = controller;
      controller.enqueue(new TextEncoder().encode("retry: 50\n\n"));
      for (const each of missed) controller.enqueue(each);
      streams.add(controller);
    },
    cancel: () => void streams.delete(own),
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream" },
  });
}

function tell(streams: ReadonlySet<Controller>, bytes: Uint8Array) {
  for (const stream of streams) stream.enqueue(bytes);
}

function frame(data: unknown, id?: number): Uint8Array {
  const idLine = id === undefined ? "" : `id: ${id}\n`;
  return new TextEncoder().encode(
    `${idLine}data: ${JSON.stringify(data)}\n\n`,
  );
}

function viewOf(
  { files: _, report: __, ...view }: SubmissionDetail,
): SubmissionView {
  return view;
}

function found(value: unknown): Response {
  return value === undefined ? problem("not_found") : Response.json(value);
}

function problem(code: ProblemCode): Response {
  const status = PROBLEM_CODES[code];
  const title = code.replaceAll("_", " ");
  const body: Problem = { type: "about:blank", title, status, code };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}
