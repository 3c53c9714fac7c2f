import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { ExitReason } from "@contract/verdict.ts";
import { exitReason } from "./exit_reason.ts";
import { DEFAULT_LIMITS } from "./limits/defaults.ts";
import { processEnd } from "./process_end.ts";

describe("exitReason()", () => {
  const rows: [
    code: number,
    signal: Deno.Signal | null,
    stderr: string,
    reason: ExitReason,
  ][] = [
    [133, null, "V8 says: JavaScript heap out of memory", "memory"],
    [133, "SIGTRAP", "Fatal JavaScript out of memory", "memory"],
    [134, null, "memory allocation of 4096 bytes failed", "memory"],
    [152, null, "", "timeout"],
    [152, "SIGXCPU", "", "timeout"],
    [153, null, "", "crashed"],
    [137, "SIGKILL", "", "crashed"],
    [0, null, "", "crashed"],
    [101, null, "Resource temporarily unavailable (os error 11)", "crashed"],
  ];
  for (const [code, signal, stderr, reason] of rows) {
    it(`${signal ?? code} with "${stderr}" is ${reason}`, () => {
      const end = processEnd({ success: false, code, signal }, stderr);
      expect(exitReason(end, DEFAULT_LIMITS).reason).toBe(reason);
    });
  }
});
