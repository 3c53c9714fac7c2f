import { type Answer, expect, type Lab } from "@lab";
import { type Ask, ask } from "./gateway.ts";

/** Requests that are sent and not waited for, because the API holds them. */
export function arrivals(lab: Lab) {
  const answers: Answer[] = [];
  const api = lab.upstream("api");
  const heldBefore = api.held;

  return {
    /** Those that were answered, in the order in which they were. */
    answers,
    /** Resolves when all of them have been answered. */
    send(count: number, request: (index: number) => Ask & { on: number }) {
      return lab.burst(count, async (index) => {
        const { on, ...ofClient } = request(index);
        const answer = await ask(lab.on(on), ofClient);
        answers.push(answer);
        return answer;
      });
    },
    /** Waits until of `sent` requests each is either held by the API or answered. */
    settle(sent: number) {
      return lab.eventually(() => {
        expect(
          api.held - heldBefore + answers.length,
          "Each request reaches the API or is answered",
        ).toBe(sent);
      });
    },
  };
}
