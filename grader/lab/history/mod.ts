/**
 * Checkers that judge a whole history instead of one instant. Each is a pure function of what was asked, what
 * was answered, and when; each says `unknown` rather than guess.
 *
 * @module
 */
export {
  type Balances,
  type BankFinding,
  type BankInput,
  type BankOptions,
  bankTotals,
} from "./bank_totals.ts";
export { counterBounds } from "./counter_bounds.ts";
export { linearizable, type LinearizableOptions } from "./linearizable.ts";
export {
  type CounterInput,
  counterModel,
  type Model,
  type RegisterInput,
  registerModel,
} from "./models.ts";
export {
  type HistoryRecorder,
  type Invocation,
  recordHistory,
} from "./record_history.ts";
export {
  type LogFinding,
  type LogInput,
  type LogOutput,
  type LogPlace,
  type LogRecord,
  replayedLog,
} from "./replayed_log.ts";
export { type SetFinding, setFull, type SetInput } from "./set_full.ts";
export {
  type QueueFinding,
  type QueueInput,
  totalQueue,
} from "./total_queue.ts";
export type { Finding, Operation, Verdict } from "./types.ts";
