/** The levels of a stage's hints, in the order in which they are unlocked. */
export const HINT_LEVELS = ["Nudge", "Concept", "Near-code"] as const;

export interface Hint {
  readonly level: typeof HINT_LEVELS[number];
  /** Markdown. */
  readonly text: string;
}

const HEADING = new RegExp(`^## (${HINT_LEVELS.join("|")})\\s*$`, "m");

/** Splits the text of `hints/<stage>.md` at the headings that name a level, as `## Nudge`; all others stay in the text. */
export function hintsIn(markdown: string): Hint[] {
  const [, ...parts] = markdown.split(HEADING);
  const hints: Hint[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const level = parts[at] as Hint["level"];
    hints.push({ level, text: parts[at + 1]!.trim() });
  }
  return hints;
}
