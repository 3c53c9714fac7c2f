import type { Answer, Gate, Instance, Lab } from "@lab";
import { answered } from "./until_over.ts";

const STEPS_MAX = 40;
const LOOKS = 10;
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
  const sending = send();
  const isAnswered = answered(sending);
  const { release } = await heldStepByStep(lab, instance, {
    sending,
    // On the same way: an answer that does not wait for the store is out before it, and soon here too.
    async isFarEnough() {
      if (!isAnswered()) await instance.get("/nothing/here");
      return isAnswered();
    },
  });
  return { answer: await sending, release };
}

/** The same for a request that has just been sent; it ends when a look says so, or with the answer. */
export async function heldStepByStep(
  lab: Lab,
  instance: Instance,
  { sending, isFarEnough }: {
    readonly sending: Promise<Answer>;
    /** Asked some times while a message is held. */
    readonly isFarEnough: () => Promise<boolean>;
  },
): Promise<{ release(): void }> {
  const held = heldMessages(lab, instance);
  const over = sending.then(() => undefined);
  for (let step = 0; step < STEPS_MAX; step++) {
    const message = await Promise.race([held.next(), over]);
    if (message === undefined) return held;
    for (let look = 0; look < LOOKS; look++) {
      if (await isFarEnough()) return held;
    }
    message.release();
  }
  held.release();
  return held;
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
