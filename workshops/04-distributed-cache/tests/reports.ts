/** Words of the stage with reports: a loader that can be slow, wrong, or counted. */
import { type Answer, expect, type Lab, type Reaction } from "@lab";

/** An id that nobody has used yet. */
export function freshReport(lab: Lab): string {
  return `report-${lab.random.word(10)}`;
}

/** The loader makes a new version of a report with each call; `react` decides about single calls first. */
export function scriptLoader(
  lab: Lab,
  react: (
    id: string,
    callsBefore: number,
  ) => Partial<ScriptedReply> | undefined = () => undefined,
): void {
  const calls = new Map<string, number>();
  lab.upstream("loader").script([], ({ path }): Reaction => {
    const id = path.split("/").at(-1)!;
    const before = calls.get(id) ?? 0;
    calls.set(id, before + 1);
    const { status = 200, ...more } = react(id, before) ?? {};
    const body = status === 200 ? reportBody(id, before + 1) : undefined;
    return { status, body, ...more };
  });
}

interface ScriptedReply {
  readonly status: number;
  readonly hold: boolean;
  /** In place of the report: the first piece comes at once, each other one after a release. */
  readonly pieces: readonly string[];
}

/** What the loader makes of a report at its n-th call. */
export function reportBody(id: string, call: number) {
  return { id, call };
}

/** How often the loader was asked for this report. */
export function loaderCalls(lab: Lab, id: string): number {
  return lab.upstream("loader").calls
    .filter(({ path }) => path === `/reports/${id}`).length;
}

/** Waits until the loader holds so many calls. */
export async function untilHeld(
  lab: Lab,
  count: number,
  rule = "A missing report is asked for at the loader, GET /reports/<id>",
): Promise<void> {
  await lab.eventually(() =>
    expect(lab.upstream("loader").held, rule).toBeGreaterThanOrEqual(count)
  );
}

/**
 * Sends another report through every instance: what was sent before has then been looked at. Give each its own id, so
 * that none waits for the loader's answer to the one under test.
 */
export async function passMarkers(lab: Lab): Promise<void> {
  for (const instance of lab.instances) {
    if (!instance.isRunning) continue;
    for (let turn = 0; turn < 2; turn++) {
      const id = freshReport(lab);
      expectReport(
        await instance.get(`/reports/${id}`),
        reportBody(id, 1),
        "A report does not wait for another one",
      );
    }
  }
}

/**
 * Lets the second instance wait for a report that the first one makes, until it has it: whoever else waits there has
 * looked again meanwhile.
 */
export async function passWaiter(lab: Lab): Promise<void> {
  const [holder, other] = [lab.on(0), lab.on(1)];
  const id = freshReport(lab);
  using making = lab.holdNextReply(
    holder,
    { upstream: "loader" },
    new RegExp(id),
  );
  const made = holder.get(`/reports/${id}`);
  await making.reached;
  const waiting = other.get(`/reports/${id}`);
  await passMarkers(lab);
  making.release();
  for (const answer of [await made, await waiting]) {
    expectReport(answer, reportBody(id, 1));
  }
  await passMarkers(lab);
}

export function expectReport(
  answer: Answer,
  body: unknown,
  rule = "A report is answered as the loader made it",
): void {
  expect(answer, rule).toHaveStatus(200);
  expect(answer.json, rule).toEqual(body);
}
