import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { z } from "@hono/zod-openapi";
import { HttpProblem } from "../problem.ts";
import type { Services } from "../services.ts";
import { follow } from "../submissions/follow.ts";
import { followMine } from "../submissions/follow_mine.ts";
import { newRouter } from "./router.ts";

/** Streams of server-sent events: what happens, as it happens. */
export function streamRoutes({ sql, hub, stopping }: Services) {
  const routes = newRouter();

  /** All events of one submission. A reader that comes back with Last-Event-ID goes on where it was. */
  routes.get("/submissions/:id/events", async (context) => {
    const id = z.uuid().safeParse(context.req.param("id")).data;
    const afterSeq = lastEventId(context.req.header("last-event-id"));
    const end = id && await readEnd(id, context.var.person.id);
    if (!id || !end) {
      throw new HttpProblem("not_found", "You have no such submission");
    }
    // 204 is how a server tells EventSource not to come back.
    if (end.isOver && afterSeq >= end.seq) return context.body(null, 204);
    return streamSSE(context, async (stream) => {
      const signal = endOf(stream);
      const events = follow(sql, hub, { submissionId: id, afterSeq, signal });
      for await (const followed of events) {
        if (followed === "keepalive") await stream.write(": still here\n\n");
        else await writeEvent(stream, followed.event, followed.seq);
      }
    });
  });

  /** Each of my submissions that changes, as a `SubmissionView`. */
  routes.get("/events", (context) => {
    const personId = context.var.person.id;
    return streamSSE(context, async (stream) => {
      const views = followMine(sql, hub, { personId, signal: endOf(stream) });
      for await (const view of views) {
        if (view === "keepalive") await stream.write(": still here\n\n");
        else await writeEvent(stream, view);
      }
    });
  });

  return routes;

  function endOf(stream: SSEStreamingApi): AbortSignal {
    const closed = new AbortController();
    stream.onAbort(() => closed.abort());
    return AbortSignal.any([closed.signal, stopping]);
  }

  async function readEnd(id: string, personId: string) {
    const [row] = await sql<{ seq: number; isOver: boolean }[]>`
      SELECT event_seq AS seq, state IN ('finished', 'canceled') AS "isOver"
      FROM trestle.submission WHERE id = ${id} AND person_id = ${personId}`;
    return row;
  }
}

async function writeEvent(
  stream: SSEStreamingApi,
  data: unknown,
  seq?: number,
): Promise<void> {
  await stream.writeSSE({
    data: JSON.stringify(data),
    ...(seq !== undefined && { id: String(seq) }),
  });
}

function lastEventId(header: string | undefined): number {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : 0;
}
