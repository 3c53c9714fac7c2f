/** A browser as far as redirects go: it keeps a 301 for its `max-age` and then asks nobody (RFC 9111). */
import type { Answer, Lab } from "@lab";

export function cachingClient(lab: Lab) {
  const kept = new Map<string, { answer: Answer; freshUntilMs: number }>();

  return {
    async visit(path: string): Promise<Answer> {
      const entry = kept.get(path);
      if (entry !== undefined && lab.clock.now() < entry.freshUntilMs) {
        return entry.answer;
      }
      const answer = await lab.get(path);
      const maxAgeSec = maxAgeOf(answer);
      if (maxAgeSec > 0) {
        const freshUntilMs = lab.clock.now() + maxAgeSec * 1000;
        kept.set(path, { answer, freshUntilMs });
      }
      return answer;
    },
  };
}

/** A 301 without Cache-Control may be kept as long as the client likes; browsers do. */
function maxAgeOf({ status, headers }: Answer): number {
  const control = headers.get("cache-control");
  if (control === null) return status === 301 ? Infinity : 0;
  if (/no-store|no-cache/.test(control)) return 0;
  return Number(/max-age=(\d+)/.exec(control)?.[1] ?? 0);
}
