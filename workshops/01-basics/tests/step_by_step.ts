import type { Answer, Instance, Lab } from "@lab";

const STEPS_MAX = 20;
const MARKERS = 10;

/**
 * Sends a request, and holds each message of the instance to Postgres until the instance has answered another
 * request in between. Returns when the answer is here: should a message still be held then, it is `held`, and
 * killing the instance before `release` makes sure that it never arrives.
 */
export async function answeredStepByStep(
  lab: Lab,
  instance: Instance,
  send: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; release(): void }> {
  let gate = lab.holdNext(instance, "postgres", /./);
  let answered: Answer | undefined;
  const sending = send().then((answer) => answered = answer);
  for (let step = 0; step < STEPS_MAX; step++) {
    const reached = gate.reached.then(() => "held" as const);
    reached.catch(() => {}); // Released before anything came.
    if (await Promise.race([reached, sending]) !== "held") break;
    // Markers on the same way: an answer that does not wait for the store is out before them, and soon here too.
    for (let marker = 0; marker < MARKERS && !answered; marker++) {
      await instance.get("/nothing/here");
    }
    if (answered !== undefined) break;
    const held = gate;
    gate = lab.holdNext(instance, "postgres", /./);
    held.release();
  }
  return { answer: await sending, release: () => gate.release() };
}
