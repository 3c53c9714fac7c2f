/** Words that several stages use: queues, messages and receipts. */
import { type Answer, expect, type Lab, type Requester } from "@lab";

export interface Delivery {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly attempts: number;
  // deno-lint-ignore no-explicit-any -- checks assert on its shape
  readonly dead?: any;
}

/** Makes a queue of a name that no other has. */
export async function newQueue(
  lab: Lab,
  settings: Record<string, unknown> = {},
): Promise<string> {
  const name = `q-${lab.random.word(10).toLowerCase()}`;
  const answer = await lab.put(`/queues/${name}`, settings);
  expect(answer, "PUT makes a queue").toHaveStatus(201);
  return name;
}

/** Publishes one message and gives its id. */
export async function publish(
  system: Requester,
  queue: string,
  message: Record<string, unknown>,
): Promise<string> {
  const answer = await system.post(`/queues/${queue}/messages`, message);
  expect(answer, "A message is taken with 201").toHaveStatus(201);
  expect(typeof answer.json?.id, "…and has an id").toBe("string");
  return answer.json.id;
}

/** Receives; waits for nothing unless told so. */
export async function receive(
  system: Requester,
  queue: string,
  request: { readonly max?: number; readonly waitMs?: number } = {},
): Promise<Delivery[]> {
  return deliveriesOf(
    await system.post(`/queues/${queue}/receive`, request),
  );
}

/** Receives one message that is there, or becomes due just now: whoever looks for it may take a moment. */
export async function receiveOne(
  system: Requester,
  queue: string,
  rule = "The message is there to be received",
): Promise<Delivery> {
  const deliveries = await receive(system, queue, { waitMs: 4_000 });
  expect(deliveries, rule).toHaveLength(1);
  return deliveries[0]!;
}

/** A receive that waits far longer than it should have to. */
export function waitFor(system: Requester, queue: string): Promise<Answer> {
  return system.post(`/queues/${queue}/receive`, { waitMs: 20_000 }, {
    timeoutMs: 9_000,
  });
}

export function deliveriesOf(answer: Answer): Delivery[] {
  expect(answer, "Receive answers 200, with messages or without")
    .toHaveStatus(200);
  expect(answer.json?.messages, "…and a list of messages")
    .toBeInstanceOf(Array);
  return answer.json.messages;
}

export function settle(
  system: Requester,
  delivery: Pick<Delivery, "receipt">,
  how: "ack" | "nack" | "extend",
  body?: Record<string, unknown>,
): Promise<Answer> {
  const receipt = encodeURIComponent(delivery.receipt);
  return system.post(`/receipts/${receipt}/${how}`, body);
}

export async function ack(
  system: Requester,
  delivery: Delivery,
): Promise<void> {
  expect(
    await settle(system, delivery, "ack"),
    "Ack of a message in flight answers 204",
  ).toHaveStatus(204);
}

export async function statsOf(system: Requester, queue: string) {
  const answer = await system.get(`/queues/${queue}/stats`);
  expect(answer, "Statistics of a queue answer 200").toHaveStatus(200);
  const { ready, inFlight, delayed } = answer.json ?? {};
  return { ready, inFlight, delayed };
}

/** Receives and acknowledges until nothing is left; gives what came, in order. */
export async function drain(
  system: Requester,
  queue: string,
): Promise<Delivery[]> {
  const drained: Delivery[] = [];
  while (true) {
    const deliveries = await receive(system, queue, { max: 20 });
    if (deliveries.length === 0) return drained;
    drained.push(...deliveries);
    await Promise.all(deliveries.map((delivery) => ack(system, delivery)));
  }
}
