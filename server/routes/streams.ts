import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { createRoute, z } from "@hono/zod-openapi";
import { HttpProblem } from "../problem.ts";
import type { Services } from "../services.ts";
import { follow } from "../submissions/follow.ts";
import { followMine } from "../submissions/follow_mine.ts";
import { newRouter, PROBLEM_RESPONSES } from "./router.ts";

interface Message {
  readonly id?: number;
  readonly data: unknown;
}

const EVENT_STREAM = { "text/event-stream": { schema: z.string() } };

const SUBMISSION_EVENTS = createRoute({
  method: "get",
  path: "/submissions/{id}/events",
  request: {
    params: z.object({ id: z.uuid() }),
    headers: z.object({ "last-event-id": z.string().optional() }),
  },
  responses: {
    200: {
      description:
        "Each message a SubmissionEvent; the stream ends with the run",
      content: EVENT_STREAM,
    },
    204: { description: "The run is over, and the reader has seen all of it" },
    ...PROBLEM_RESPONSES,
  },
});

const MY_EVENTS = createRoute({
  method: "get",
  path: "/events",
  responses: {
    200: {
      description: "Each message a SubmissionView of mine that has changed",
      content: EVENT_STREAM,
    },
    ...PROBLEM_RESPONSES,
  },
});

/** Streams of server-sent events: what happens, as it happens. */
export function streamRoutes({ sql, hub, log, stopping }: Services) {
  const routes = newRouter();

  /** All events of one submission. A reader that comes back with Last-Event-ID goes on where it was. */
  routes.openapi(SUBMISSION_EVENTS, async (context) => {
    const { id } = context.req.valid("param");
    const afterSeq = lastEventId(context.req.valid("header")["last-event-id"]);
    const end = await readEnd(id, context.var.person.id);
    if (!end) {
      throw new HttpProblem("not_found", `You have no submission ${id}`);
    }
    // 204 is how a server tells EventSource not to come back.
    if (end.isOver && afterSeq >= end.seq) return context.body(null, 204);
    return send(
      context,
      (signal) => follow(sql, hub, { submissionId: id, afterSeq, signal }),
      ({ seq, event }) => ({ id: seq, data: event }),
    );
  });

  /** Each of my submissions that changes, as a `SubmissionView`. */
  routes.openapi(MY_EVENTS, (context) => {
    const personId = context.var.person.id;
    return send(
      context,
      (signal) => followMine(sql, hub, { personId, signal }),
      (view) => ({ data: view }),
    );
  });

  return routes;

  /** Sends what comes until it ends, the reader hangs up, or the server stops. */
  function send<Item extends object>(
    context: Context,
    open: (signal: AbortSignal) => AsyncIterable<Item | "keepalive">,
    toMessage: (item: Item) => Message,
  ): Response {
    return streamSSE(context, async (stream) => {
      const closed = new AbortController();
      stream.onAbort(() => closed.abort());
      const items = open(AbortSignal.any([closed.signal, stopping]));
      try {
        for await (const item of items) {
          if (item === "keepalive") await stream.write(": still here\n\n");
          else await stream.writeSSE(encode(toMessage(item)));
        }
      } catch (error) {
        // The reader comes back and goes on where it was.
        log("warning", "stream_broke", { error: String(error) });
      }
    });
  }

  async function readEnd(id: string, personId: string) {
    const [row] = await sql<{ seq: number; isOver: boolean }[]>`
      SELECT event_seq AS seq, state IN ('finished', 'canceled') AS "isOver"
      FROM trestle.submission WHERE id = ${id} AND person_id = ${personId}`;
    return row;
  }
}

function encode({ id, data }: Message) {
  return {
    data: JSON.stringify(data),
    ...(id !== undefined && { id: String(id) }),
  };
}

function lastEventId(header: string | undefined): number {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : 0;
}
