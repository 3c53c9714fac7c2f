import { Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import * as parse from "./bodies.ts";
import { openDeadLetters } from "./dead_letters.ts";
import { bodyOf } from "./fields.ts";
import { startMailWorker } from "./mail_worker.ts";
import { findOrder, placeOrder } from "./orders.ts";
import { problem, ProblemError, unknownQueue } from "./problem.ts";
import { openPublisher } from "./publish.ts";
import { openQueues } from "./queues.ts";
import { openReceipts } from "./receipts.ts";
import { openReceive } from "./receive.ts";
import { createTables } from "./schema.ts";
import { statsOf } from "./stats.ts";
import { openTopics } from "./topics.ts";

export default async function messageQueue(context: Context): Promise<System> {
  await createTables(context);
  const queues = openQueues(context);
  const publisher = openPublisher(context);
  const deadLetters = openDeadLetters(context);
  const receive = openReceive(context, { queues, deadLetters });
  const receipts = openReceipts(context);
  const topics = openTopics(context);
  await startMailWorker(context, { queues, receive, receipts });
  // Postgres refuses U+0000, and nothing here has it in its name: U+FFFD is as unknown.
  const app = new Hono({
    getPath: ({ url }) => new URL(url).pathname.replaceAll("%00", "%EF%BF%BD"),
  });

  app.put("/queues/:queue", async (call) => {
    const name = call.req.param("queue");
    const settings = parse.queueSettings(name, await bodyOf(call.req.raw));
    const { isNew } = await queues.put(name, settings);
    return call.json({ name, ...settings }, isNew ? 201 : 200);
  });

  app.post("/queues/:queue/messages", async (call) => {
    const queue = call.req.param("queue");
    const body = await bodyOf(call.req.raw);
    const message = parse.newMessage(body);
    const dedupId = parse.dedupIdOf(body);
    const [id] = dedupId === undefined
      ? await publisher.publish(queue, [message])
      : [await publisher.publishOnce(queue, message, dedupId)];
    return call.json({ id }, 201);
  });

  app.post("/queues/:queue/batch", async (call) => {
    const messages = parse.newMessages(await bodyOf(call.req.raw));
    const ids = await publisher.publish(call.req.param("queue"), messages);
    return call.json({ ids }, 201);
  });

  app.post("/queues/:queue/receive", async (call) => {
    const request = parse.receiveRequest(await bodyOf(call.req.raw));
    const queue = call.req.param("queue");
    return call.json({ messages: await receive(queue, request) });
  });

  app.get("/queues/:queue/stats", async (call) => {
    const queue = call.req.param("queue");
    if (!await queues.has(queue)) throw unknownQueue(queue);
    await deadLetters.bury(queue);
    return call.json(await statsOf(context, queue));
  });

  app.post("/queues/:queue/redrive", async (call) => {
    const queue = call.req.param("queue");
    if (!await queues.has(queue)) throw unknownQueue(queue);
    // What ran out is a dead letter, though nobody has looked since.
    await deadLetters.bury(queue);
    return call.json({ moved: await deadLetters.redrive(queue) });
  });

  app.post("/receipts/ack", async (call) => {
    const all = parse.receiptsOf(await bodyOf(call.req.raw));
    return call.json({ stale: await receipts.ackAll(all) });
  });

  app.post("/receipts/:receipt/ack", async (call) => {
    await receipts.ack(call.req.param("receipt"));
    return call.body(null, 204);
  });

  app.post("/receipts/:receipt/nack", async (call) => {
    const reason = parse.reasonOf(await bodyOf(call.req.raw));
    await receipts.nack(call.req.param("receipt"), reason);
    return call.body(null, 204);
  });

  app.post("/receipts/:receipt/extend", async (call) => {
    const visibilityMs = parse.visibilityOf(await bodyOf(call.req.raw));
    await receipts.extend(call.req.param("receipt"), visibilityMs);
    return call.body(null, 204);
  });

  app.post("/topics/:topic", async (call) => {
    const record = parse.newRecord(await bodyOf(call.req.raw));
    return call.json(await topics.append(call.req.param("topic"), record), 201);
  });

  app.post("/topics/:topic/groups/:group/poll", async (call) => {
    const { topic, group } = call.req.param();
    const { consumer, max } = parse.pollRequest(await bodyOf(call.req.raw));
    return call.json({
      records: await topics.poll({ topic, group, consumer }, max),
    });
  });

  app.post("/topics/:topic/groups/:group/commit", async (call) => {
    const { topic, group } = call.req.param();
    const { consumer, offsets } = parse.commitRequest(
      await bodyOf(call.req.raw),
      Number(context.config.partitions),
    );
    if (await topics.commit({ topic, group, consumer }, offsets)) {
      return call.body(null, 204);
    }
    return problem({
      status: 409,
      code: "not_owner",
      detail: "Another consumer may read this partition by now",
    });
  });

  app.post("/orders", async (call) => {
    const order = parse.newOrder(await bodyOf(call.req.raw));
    return call.json({ id: await placeOrder(context, order) }, 201);
  });

  app.get("/orders/:id", async (call) => {
    const order = await findOrder(context, call.req.param("id"));
    return order === undefined ? notFound() : call.json(order);
  });

  app.notFound(() => notFound());
  app.onError((error) => {
    if (error instanceof ProblemError) return problem(error.problem);
    context.log("request failed", { error });
    return problem({
      status: 500,
      code: "internal",
      detail: "Something broke on our side",
    });
  });
  return { fetch: app.fetch };
}

function notFound(): Response {
  return problem({
    status: 404,
    code: "not_found",
    detail: "There is nothing at this path",
  });
}
