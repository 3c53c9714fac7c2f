import type { Operation } from "./types.ts";

/** What an operation is about, without its times. */
export interface Invocation<Input> {
  readonly client: string;
  readonly key?: string;
  readonly input: Input;
}

/** Writes operations down while they happen. */
export interface HistoryRecorder<Input, Output> {
  /** Every finished operation so far, in the order of their ends. */
  readonly operations: readonly Operation<Input, Output>[];
  /**
   * Times `call` and notes how it ended. `read` takes the output from an answer whose outcome is `ok`. Gives the
   * answer back. When `call` or `read` throws, the operation is noted as `maybe` and the error goes on.
   */
  record<Answer extends { readonly outcome: Operation<Input>["outcome"] }>(
    invocation: Invocation<Input>,
    call: () => Promise<Answer>,
    read: (answer: Answer) => Output,
  ): Promise<Answer>;
}

/**
 * Starts an empty history. With `lab.nowMs` its times are those of the timeline.
 *
 * ```ts
 * const history = recordHistory<RegisterInput<number>, number | null>(lab.nowMs);
 * await history.record(
 *   { client: "A", key: "x", input: { kind: "read" } },
 *   () => lab.on(0).get("/registers/x"),
 *   (answer) => answer.json.value,
 * );
 * expect(linearizable(history.operations, registerModel(null)).verdict).toBe("valid");
 * ```
 */
export function recordHistory<Input, Output>(
  nowMs: () => number = () => performance.now(),
): HistoryRecorder<Input, Output> {
  const operations: Operation<Input, Output>[] = [];
  return {
    operations,
    async record(invocation, call, read) {
      const startedAtMs = nowMs();
      const note = (
        end: Pick<Operation<Input, Output>, "outcome" | "output">,
      ) =>
        operations.push({
          ...invocation,
          ...end,
          startedAtMs,
          endedAtMs: nowMs(),
        });
      try {
        const answer = await call();
        const { outcome } = answer;
        note(
          outcome === "ok" ? { outcome, output: read(answer) } : { outcome },
        );
        return answer;
      } catch (error) {
        note({ outcome: "maybe" });
        throw error;
      }
    },
  };
}
