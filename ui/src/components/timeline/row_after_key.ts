/** Moving through the rows by keys. */
import type { Timeline } from "../../models/timeline/types.ts";

/** The row that `key` leads to from `current`; undefined for a key that means nothing here. */
export function rowAfterKey(
  key: string,
  { rows, spans }: Timeline,
  current: number,
): number | undefined {
  const last = rows.length - 1;
  const { spanIndex } = rows[current] ?? {};
  const span = spanIndex === undefined ? undefined : spans[spanIndex];
  switch (key) {
    case "ArrowDown":
      return Math.min(current + 1, last);
    case "ArrowUp":
      return Math.max(current - 1, 0);
    case "ArrowLeft":
      return span?.firstRow ?? current;
    case "ArrowRight":
      return span?.lastRow ?? current;
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
