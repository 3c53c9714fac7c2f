/** Asks every backend every few seconds how it is. */
import type { Context } from "@contract/system.ts";
import type { Backend } from "./backend.ts";
import type { Pool } from "./pool.ts";

export function startHealthChecks(context: Context, pool: Pool): void {
  const { clock, config, signal, log } = context;
  const everyMs = Number(config.checkEverySec) * 1000;
  const asked = new Set<Backend>();
  if (everyMs > 0) keepChecking().catch(() => {}); // Ends with the instance.

  async function keepChecking(): Promise<never> {
    for (let dueMs = clock.now() + everyMs;;) {
      await clock.sleepUntil(dueMs, { signal });
      // Nobody waits for the answers: one that hangs only keeps its own next check from starting.
      pool.all.filter((backend) => !asked.has(backend)).forEach(check);
      const missed = Math.floor((clock.now() - dueMs) / everyMs);
      dueMs += (missed + 1) * everyMs;
    }
  }

  async function check(backend: Backend): Promise<void> {
    asked.add(backend);
    const isWell = await isHealthy(backend, Number(config.checkTimeoutMs));
    asked.delete(backend);
    backend.passed = isWell ? backend.passed + 1 : 0;
    backend.failed = isWell ? 0 : backend.failed + 1;
    if (backend.isUp && backend.failed >= Number(config.fall)) {
      backend.goDown();
      log("backend down", { backend: backend.id });
    }
    if (!backend.isUp && backend.passed >= Number(config.rise)) {
      backend.comeUp(clock.now());
      log("backend up", { backend: backend.id });
    }
  }
}

/** No answer in time is an answer. */
async function isHealthy(
  { upstream }: Backend,
  timeoutMs: number,
): Promise<boolean> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const { status, body } = await upstream.fetch("/health", {
      signal: timeout.signal,
    });
    await body?.cancel();
    return status >= 200 && status < 300;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
