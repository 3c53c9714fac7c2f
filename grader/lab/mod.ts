/**
 * What a stage's checks are written in: `check`, `expect`, and the words of the lab.
 *
 * @module
 */
export { check } from "./check.ts";
export { CheckFailure, type FailureDetails } from "./check_failure.ts";
export {
  expect,
  type LabExpect,
  type LabExpectation,
  type LabMatchers,
} from "./expect.ts";
export * from "./history/mod.ts";
export { bulk } from "./resp_text.ts";
export type * from "./resp_types.ts";
export { signWebhook, type WebhookToSign } from "./sign_webhook.ts";
export type * from "./types.ts";
