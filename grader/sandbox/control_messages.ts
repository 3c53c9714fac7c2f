/** What a host and its parent tell each other: one JSON object per line on the control socket. */
import type { ExitReason } from "@contract/verdict.ts";
import type { HostInit } from "./types.ts";

/** Parent to host. The socket's end means that the parent is gone: the host ends as well. */
export interface GoMessage {
  readonly kind: "go";
  readonly init: HostInit;
}

/**
 * Host to parent. After "ready" the learner's code shares the process and could forge these: they can make
 * that learner's own outcome worse, never better.
 */
export type HostMessage =
  /** Drivers are imported; "go" may come. */
  | { readonly kind: "ready" }
  | { readonly kind: "listening" }
  /** The learner's code broke down; the process is about to end. */
  | {
    readonly kind: "failed";
    readonly reason: ExitReason;
    readonly message: string;
  };
