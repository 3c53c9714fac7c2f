/** A timer that looks at the clock: a round of checks begins when a multiple of the interval was passed. */
import type { Context } from "@contract/system.ts";
import type { Backend } from "./backend.ts";
import type { Pool } from "./pool.ts";

const POLL_MS = 20;

export function startHealthChecks(context: Context, pool: Pool): void {
  const { config, signal } = context;
  const everyMs = Number(config.checkEverySec) * 1000;
  if (everyMs === 0) return;
  const startMs = Date.now();
  const asked = new Set<Backend>();
  let rounds = 0;
  const timer = setInterval(() => {
    const due = Math.floor((Date.now() - startMs) / everyMs);
    if (due <= rounds) return;
    rounds = due;
    // The news of an old check must not undo those of a newer one.
    pool.all.filter((one) => !asked.has(one)).forEach(diagnose);
  }, POLL_MS);
  signal.addEventListener("abort", () => clearInterval(timer));

  async function diagnose(backend: Backend): Promise<void> {
    asked.add(backend);
    const deadline = AbortSignal.timeout(Number(config.checkTimeoutMs));
    try {
      const answer = await backend.upstream.fetch("/health", {
        signal: deadline,
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`GET /health answers ${answer.status}`);
      backend.failed = 0;
      backend.passed += 1;
      const isEnough = backend.passed >= Number(config.rise);
      if (!backend.isUp && isEnough) backend.comeUp(Date.now());
    } catch {
      backend.passed = 0;
      backend.failed += 1;
      if (backend.failed >= Number(config.fall)) backend.goDown();
    } finally {
      asked.delete(backend);
    }
  }
}
