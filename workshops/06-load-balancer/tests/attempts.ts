/** The ways in which a backend fails, and how often it was asked. */
import type { Answer, Lab, Reaction } from "@lab";

export const BROKEN = { drop: true } as const;

/** What may be tried at another backend. */
export const FAILURES: readonly Reaction[] = [
  BROKEN,
  ...[502, 503, 504].map(statused),
];

/** Two GETs and two OPTIONS, each with a path of its own, and how often each backend has seen it. */
export async function askFour(lab: Lab, ids: readonly string[]) {
  const asked: {
    method: string;
    answer: Answer;
    seen: Record<string, number>;
  }[] = [];
  // Two of each in a row: who takes turns begins with each backend once.
  for (const method of ["GET", "GET", "OPTIONS", "OPTIONS"]) {
    const path = `/${lab.random.word(12)}`;
    const answer = await lab.request(method, path);
    const seen = Object.fromEntries(ids.map((id) => {
      const calls = lab.upstream(id).calls.filter((call) => call.path === path);
      return [id, calls.length];
    }));
    asked.push({ method, answer, seen });
  }
  return asked;
}

/** With a body, which has to be cancelled if somebody else is asked. */
export function statused(status: number) {
  return { status, body: { status } };
}

export function told(reaction: Reaction): string {
  return "status" in reaction ? `status ${reaction.status}` : "it breaks off";
}
