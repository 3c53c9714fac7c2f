import { createHash } from "node:crypto";
import type { SubmissionFiles } from "@contract/submission.ts";

/** Files in one canonical text, and its SHA-256: equal uploads have equal hashes, in whatever order they came. */
export interface Bundle {
  readonly hash: string;
  readonly json: string;
}

export function toBundle(files: SubmissionFiles): Bundle {
  const sorted = Object.entries(files).sort(([a], [b]) => a < b ? -1 : 1);
  const json = JSON.stringify(Object.fromEntries(sorted));
  return { hash: createHash("sha256").update(json).digest("hex"), json };
}
