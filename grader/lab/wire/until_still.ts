import { after } from "./after.ts";
import { traffic } from "./settle.ts";
import type { Proxy } from "./types.ts";

const POLL_MS = 10;
/** What is asked for longer, as by XREAD BLOCK, has nothing on its way. */
const STILL_POLLS = 5;

/** Resolves once nothing waits for a reply any more, or nothing moves. */
export async function untilStill(proxies: readonly Proxy[]): Promise<void> {
  let before = -1;
  for (let still = 0; still < STILL_POLLS;) {
    // Also at first: what was sent just now may not be here yet.
    await after(POLL_MS);
    if (proxies.every(({ outstanding }) => outstanding === 0)) return;
    const now = traffic(proxies);
    still = now === before ? still + 1 : 0;
    before = now;
  }
}
