/** Where two texts differ. */
import { diffLines, diffWordsWithSpace } from "diff";

export interface Piece {
  readonly text: string;
  readonly isDifferent: boolean;
}

export interface Difference {
  readonly expected: readonly Piece[];
  readonly received: readonly Piece[];
}

/** Word by word is quadratic; beyond this whole lines are compared. */
const WORDS_LENGTH_MAX = 4000;

export function differenceBetween(
  expected: string | undefined,
  received: string | undefined,
): Difference {
  if (expected === undefined || received === undefined) {
    return { expected: whole(expected), received: whole(received) };
  }
  const isLong = expected.length + received.length > WORDS_LENGTH_MAX;
  const changes = isLong
    ? diffLines(expected, received)
    : diffWordsWithSpace(expected, received);
  return {
    expected: changes.filter(({ added }) => !added).map((change) => ({
      text: change.value,
      isDifferent: change.removed,
    })),
    received: changes.filter(({ removed }) => !removed).map((change) => ({
      text: change.value,
      isDifferent: change.added,
    })),
  };
}

/** With nothing to compare it to, nothing differs. */
function whole(text = ""): readonly Piece[] {
  return [{ text, isDifferent: false }];
}
