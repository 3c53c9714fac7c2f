/**
 * What a stage's checks are written in: `check`, `expect`, and the words of the lab.
 *
 * @module
 */
export { check } from "./judge/check.ts";
export { CheckFailure, type FailureDetails } from "./expect/check_failure.ts";
export {
  expect,
  type LabExpect,
  type LabExpectation,
  type LabMatchers,
} from "./expect/expect.ts";
export { within } from "./expect/within.ts";
export { hasCome } from "./faults/has_come.ts";
export * from "./history/mod.ts";
export { bulk } from "./clients/resp_text.ts";
export type * from "./clients/resp_types.ts";
export { signWebhook, type WebhookToSign } from "./clients/sign_webhook.ts";
export { redisBytes } from "./measures/redis_bytes.ts";
export { rowsRead, vacuum } from "./measures/rows_read.ts";
export { databasesHolding, storedRows } from "./measures/stored_rows.ts";
export type * from "./types.ts";
export type * from "./clients/types.ts";
export type * from "./faults/types.ts";
export type * from "./measures/types.ts";
export type * from "./wire/upstream_types.ts";
