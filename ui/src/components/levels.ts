/** What the study paths are called. */
import type { Level } from "@contract/manifest.ts";

export const LEVELS: Readonly<Record<Level, string>> = {
  mid: "Mid",
  senior: "Senior",
  staff: "Staff",
};
