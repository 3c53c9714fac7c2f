/** Words that several stages use: telling the balancer its backends, and who answered. */
import {
  type Answer,
  expect,
  type FakeUpstream,
  type Instance,
  type Lab,
  type Requester,
  type UpstreamCall,
} from "@lab";
import { untilKnown } from "./known_edit.ts";

export const BACKENDS = ["b1", "b2", "b3", "b4", "b5"];

/** Weights by id: `{ b1: 3, b2: 1 }`. */
export type Weights = Readonly<Record<string, number>>;

/** What `GET /admin/backends` says about one backend. */
export interface Shown {
  readonly id: string;
  readonly weight: number;
  readonly state: string;
  readonly breaker?: string;
  readonly inFlight: number;
  readonly checks: { readonly passed: number; readonly failed: number };
}

/** Lets every backend answer with its own name, and be healthy. */
export function nameBackends(lab: Lab): void {
  for (const id of BACKENDS) lab.upstream(id).script([], named(id));
}

/** The answer that names its backend. */
export function named(id: string) {
  return { status: 200, body: { backend: id } };
}

/** Who has answered. */
export function backendOf(answer: Answer): string {
  return answer.json?.backend ?? `nobody (${answer.status})`;
}

/** Puts the list on every instance. */
export async function setBackends(lab: Lab, weights: Weights): Promise<void> {
  for (const instance of lab.instances) {
    await putBackends(lab, instance, weights);
  }
}

/** Puts the list on one instance, on top of what it knows. */
export async function putBackends(
  lab: Lab,
  instance: Instance,
  weights: Weights,
): Promise<void> {
  const backends = Object.entries(weights)
    .map(([id, weight]) => ({ id, weight }));
  // Somebody else's edit may have to become known first.
  const answer = await untilKnown(lab, instance, async () => {
    const before = await instance.get("/admin/backends");
    if (before.status !== 200) return before;
    const etag = before.headers.get("etag");
    const put = await instance.put("/admin/backends", { backends }, {
      headers: etag === null ? {} : { "if-match": etag },
    });
    expect(put, "Within 2 s every instance knows the list that was put last")
      .not.toHaveStatus(412);
    return put;
  });
  expect(answer, "GET /admin/backends and a PUT of a new list answer 200")
    .toHaveStatus(200);
}

/** What an instance says about one backend. */
export async function shown(instance: Requester, id: string): Promise<Shown> {
  const { backends } = (await instance.get("/admin/backends")).json ?? {};
  const found = backends?.find((one: Shown) => one.id === id);
  expect(found, `GET /admin/backends shows ${id}`).toBeDefined();
  return found;
}

/** Waits until nothing is under way at these backends. */
export async function untilIdle(
  lab: Lab,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    await lab.eventually(async () => {
      expect(
        (await shown(lab.on(0), id)).inFlight,
        "A request that is over is not under way any more",
      ).toBe(0);
    });
  }
}

/** One request after the other; who answered each. */
export async function askInTurn(
  requester: Requester,
  count: number,
  path = "/x",
): Promise<string[]> {
  const backends: string[] = [];
  for (let asked = 0; asked < count; asked++) {
    const answer = await requester.get(path);
    expect(answer, "A request is answered by a backend").toHaveStatus(200);
    backends.push(backendOf(answer));
  }
  return backends;
}

/** How often each stands in the list. */
export function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Calls of clients, without health checks. */
export function visits({ calls }: FakeUpstream): UpstreamCall[] {
  return calls.filter(({ path }) => path !== "/health");
}

/** Answers only after `release`. */
export const HOLD = { status: 200, hold: true } as const;

/** Three different backends, in random order. */
export function threeOf(lab: Lab): [string, string, string] {
  const [first, second, third] = lab.random.shuffle(BACKENDS);
  return [first!, second!, third!];
}

/** What is held for as long as three edits take to get around. */
const PATIENT = { timeoutMs: 15_000 };

/** Starts `count` requests and waits until `backends` together hold that many more. */
export async function sendAndHold(
  lab: Lab,
  count: number,
  backends: readonly string[],
): Promise<Promise<readonly Answer[]>[]> {
  const held = () =>
    backends.reduce((sum, id) => sum + lab.upstream(id).held, 0);
  const before = held();
  const answers = lab.burst(count, () => lab.get("/held", PATIENT));
  const early: Answer[] = [];
  answers.then((all) => early.push(...all));
  await lab.eventually(() => {
    for (const answer of early) {
      expect(answer, "A request is passed to a backend").toHaveStatus(200);
    }
    expect(held() - before, "Each request reaches a backend").toBe(count);
  });
  // In a list, so that nobody awaits it by accident.
  return [answers];
}
