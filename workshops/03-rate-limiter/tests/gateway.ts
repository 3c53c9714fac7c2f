/** Words that several stages use: setting a policy, and asking as a client. */
import {
  type Answer,
  expect,
  type Lab,
  type Requester,
  type Store,
} from "@lab";

export interface Ask {
  /** Value of `X-Api-Key`. */
  readonly client: string;
  /** Default "/api/x", which the policy `default` is for. */
  readonly path?: string;
  readonly cost?: number;
  readonly priority?: "critical";
}

/** One request to the API behind the gateway. */
export function ask(system: Requester, request: Ask): Promise<Answer> {
  const { client, path = "/api/x", cost, priority } = request;
  return system.get(path, {
    headers: {
      "x-api-key": client,
      ...(cost === undefined ? {} : { "x-cost": String(cost) }),
      ...(priority === undefined ? {} : { "x-priority": priority }),
    },
  });
}

/** `count` requests of one client, one after the other. */
export async function askTimes(
  system: Requester,
  count: number,
  request: Ask,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let sent = 0; sent < count; sent++) {
    answers.push(await ask(system, request));
  }
  return answers;
}

/** How many of them were admitted. */
export function admitted(answers: readonly Answer[]): number {
  return answers.filter(({ status }) => status === 200).length;
}

/** What an answer tells its client about the limit. */
export function standing({ headers }: Answer) {
  return {
    policy: headers.get("ratelimit-policy"),
    rateLimit: headers.get("ratelimit"),
    retryAfter: headers.get("retry-after"),
  };
}

/** A client that nobody has counted yet. */
export function freshClient(lab: Lab): string {
  return `client-${lab.random.word(10)}`;
}

/** Puts a policy and waits until every instance goes by it. Putting the same one again does nothing. */
export async function setPolicy(
  lab: Lab,
  policy: Readonly<Record<string, unknown>>,
  name = "default",
): Promise<void> {
  for (const instance of lab.instances) {
    const answer = await instance.put(`/policies/${name}`, policy);
    // 201 while each instance has its own policies, 428 once they are shared and an earlier PUT has made it.
    if (answer.status !== 428) {
      expect(answer, "PUT of a new policy answers 201").toHaveStatus(201);
    }
  }
  for (const instance of lab.instances) {
    await untilApplied(lab, instance, { name, limit: Number(policy.limit) });
  }
}

/** Waits until an instance names the policy, with this limit, to a client of its own. */
export async function untilApplied(
  lab: Lab,
  instance: Requester,
  { name, limit }: { readonly name: string; readonly limit: number },
): Promise<void> {
  const client = freshClient(lab);
  // Twice the 2 s of the contract: a machine under load is no bug.
  await lab.eventually(async () => {
    const answer = await ask(instance, { client, path: `/api/${name}` });
    expect(
      answer.headers.get("ratelimit-policy") ?? "no RateLimit-Policy",
      "Within 2 s every instance goes by the policy that was put last",
    ).toMatch(new RegExp(`^"${name}";q=${limit};`));
  }, { withinMs: 4000 });
}

/** Where the system counts: in Redis as a rule, but a solution may do it in Postgres. */
export async function countingStore(lab: Lab, path: string): Promise<Store> {
  const { wire } = await lab.count(
    () => askTimes(lab, 3, { client: freshClient(lab), path }),
  );
  return wire.redis.commands > 0 ? "redis" : "postgres";
}

/** A key that ends with its window lives in real time, too: on a slow machine it may be gone a second too early. */
export function doubtIfSlow(lab: Lab, windowSinceMs: number): void {
  if (performance.now() - windowSinceMs <= 500) return;
  lab.inconclusive("Lifetimes in Redis ran on while the machine was busy");
}

/** Moves the clock to the start of the next window: windows begin at multiples of their length since 1970. */
export async function toWindowStart(
  lab: Lab,
  windowSec: number,
): Promise<void> {
  const windowMs = windowSec * 1000;
  await lab.clock.advance(windowMs - lab.clock.now() % windowMs);
}
