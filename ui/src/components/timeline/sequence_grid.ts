/**
 * Where things stand in the grid of the sequence. Wide: time, then for each lane its bars and its text.
 * Narrow: time, the bars of all lanes, then one column of text. CSS picks by the width of its container.
 *
 * @module
 */
import type { Timeline } from "../../models/timeline/types.ts";

export interface SequenceGrid {
  /** Of the whole grid. */
  readonly style: Readonly<Record<string, string>>;
  /** Line behind the last row. */
  readonly lastLine: number;
  /** Line before row `index`. */
  line(index: number): number;
  laneStyle(lane: number): Readonly<Record<string, string>>;
  barsStyle(lane: number): Readonly<Record<string, string>>;
  textStyle(lane: number): Readonly<Record<string, string>>;
}

const WIDE_TRACKS_PX_MAX = 130;
const NARROW_TRACKS_PX_MAX = 40;

export function gridOf({ lanes, rows }: Timeline): SequenceGrid {
  const lines: number[] = [];
  let line = 2;
  for (const { quietMs } of rows) {
    if (quietMs !== undefined) line++;
    lines.push(line++);
  }
  const wide = lanes.map(({ instance, trackCount }) =>
    `${tracksWidth(trackCount, 11, WIDE_TRACKS_PX_MAX)} minmax(0, ${
      instance === undefined ? 0.6 : 1
    }fr)`
  );
  // Even without bars a lane has room for its name: "Lab" is the longest.
  const narrow = lanes.map(({ instance, trackCount }) =>
    tracksWidth(
      Math.max(trackCount, instance === undefined ? 4 : 2),
      6,
      NARROW_TRACKS_PX_MAX,
    )
  );
  return {
    style: {
      "--wide-columns": `4rem ${wide.join(" ")}`,
      "--narrow-columns": `3rem ${narrow.join(" ")} minmax(0, 1fr)`,
    },
    lastLine: line,
    line: (index) => lines[index]!,
    laneStyle: (lane) => columns(`${2 * lane + 2} / span 2`, `${lane + 2}`),
    barsStyle: (lane) => ({
      ...columns(`${2 * lane + 2}`, `${lane + 2}`),
      "--tracks": String(Math.max(lanes[lane]!.trackCount, 1)),
    }),
    textStyle: (lane) => columns(`${2 * lane + 3}`, `${lanes.length + 2}`),
  };
}

function columns(wide: string, narrow: string) {
  return { "--wide": wide, "--narrow": narrow };
}

function tracksWidth(count: number, trackPx: number, maxPx: number): string {
  return `${Math.min(count * trackPx, maxPx) + 8}px`;
}
