/** Health checks that nobody waits for: a silent backend only keeps its own next check from starting. */
import type { Context } from "@contract/system.ts";
import type { Backend } from "./backend.ts";
import type { Pool } from "./pool.ts";

export function startHealthChecks(context: Context, pool: Pool): void {
  const { clock, config, signal } = context;
  const everyMs = Number(config.checkEverySec) * 1000;
  const asked = new WeakSet<Backend>();
  if (everyMs > 0) keepStarting(clock.now()).catch(() => {});

  async function keepStarting(startMs: number): Promise<void> {
    for (let round = 1; !signal.aborted;) {
      await clock.sleepUntil(startMs + round * everyMs, { signal });
      pool.all.filter((backend) => !asked.has(backend)).forEach(start);
      round = Math.floor((clock.now() - startMs) / everyMs) + 1;
    }
  }

  async function start(backend: Backend): Promise<void> {
    asked.add(backend);
    const isWell = await look(backend);
    asked.delete(backend);
    if (isWell) [backend.passed, backend.failed] = [backend.passed + 1, 0];
    else [backend.passed, backend.failed] = [0, backend.failed + 1];
    const { fall, rise } = config;
    if (backend.failed >= Number(fall)) backend.goDown();
    else if (!backend.isUp && backend.passed >= Number(rise)) {
      backend.comeUp(clock.now());
    }
  }

  function look({ upstream }: Backend): Promise<boolean> {
    const isWell = upstream.fetch("/health").then(
      async ({ ok, body }) => {
        await body?.cancel();
        return ok;
      },
      () => false,
    );
    const silence = new Promise<false>((resolve) =>
      setTimeout(() => resolve(false), Number(config.checkTimeoutMs))
    );
    return Promise.race([isWell, silence]);
  }
}
