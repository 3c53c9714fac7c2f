import type { Answer, Gate, Instance, Lab } from "@lab";

const STEPS_MAX = 40;
const MARKERS = 10;
/** More than an instance sends to Postgres at one moment, background work included. */
const GATES = 8;

/**
 * Sends a request, and holds each message of the instance to Postgres until the instance has answered another
 * request in between. Returns when the answer is here: what is on its way to Postgres then is still held, and
 * killing the instance before `release` makes sure that it never arrives.
 */
export async function answeredStepByStep(
  lab: Lab,
  instance: Instance,
  send: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; release(): void }> {
  const held = heldMessages(lab, instance);
  let answered: Answer | undefined;
  const sending = send().then((answer) => answered = answer);
  for (let step = 0; step < STEPS_MAX; step++) {
    const message = await Promise.race([
      held.next(),
      sending.then(() => undefined),
    ]);
    if (message === undefined) break;
    // Markers on the same way: an answer that does not wait for the store is out before them, and soon here too.
    for (let marker = 0; marker < MARKERS && !answered; marker++) {
      await instance.get("/nothing/here");
    }
    if (answered !== undefined) break;
    message.release();
  }
  if (answered === undefined) held.release();
  return { answer: await sending, release: held.release };
}

/** Holds all that an instance sends to Postgres: as long as `next` is called there are gates for what comes. */
function heldMessages(lab: Lab, instance: Instance) {
  const all: Gate[] = [];
  const reached: Gate[] = [];
  const expired: Gate[] = [];
  let waiting = 0;
  let isReleased = false;
  let news = Promise.withResolvers<void>();

  function open(): void {
    const gate = lab.holdNext(instance, "postgres", /./);
    const endsIn = (list: Gate[]) => () => {
      waiting -= 1;
      list.push(gate);
      news.resolve();
    };
    all.push(gate);
    waiting += 1;
    gate.reached.then(endsIn(reached), endsIn(expired));
  }

  return {
    /** The message that has been held longest. */
    async next(): Promise<Gate> {
      for (;;) {
        while (waiting < GATES && !isReleased) open();
        for (const gate of expired.splice(0)) gate.release();
        const oldest = reached.shift();
        if (oldest !== undefined) return oldest;
        await news.promise;
        news = Promise.withResolvers();
      }
    },
    release(): void {
      isReleased = true;
      for (const gate of all) gate.release();
    },
  };
}
