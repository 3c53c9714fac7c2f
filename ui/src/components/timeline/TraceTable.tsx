/** The same rows as a plain table. */
import type { Timeline, TimelineRow } from "../../models/timeline/types.ts";
import { KINDS } from "./kinds.tsx";
import { laneName } from "./lanes.ts";
import { milliseconds } from "./milliseconds.ts";

export function TraceTable({ timeline }: { timeline: Timeline }) {
  return (
    <div class="overflow-x-auto border border-rule bg-sheet" tabIndex={0}>
      <table class="w-full text-left text-sm">
        <caption class="sr-only">The evidence, in order of time</caption>
        <thead>
          <tr class="border-b border-rule">
            {["At", "Where", "Kind", "What", "Took", "Held"].map((name) => (
              <th key={name} scope="col" class="px-3 py-2">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {timeline.rows.map((row) => (
            <tr key={row.index} class="border-b border-rule align-top">
              <td class="px-3 py-1 whitespace-nowrap tabular-nums">
                {milliseconds(row.atMs)}
              </td>
              <td class="px-3 py-1 whitespace-nowrap">
                {laneName(row.instance)}
              </td>
              <td class="px-3 py-1">{KINDS[row.kind].name}</td>
              <td class="px-3 py-1 font-mono">{row.text}</td>
              <td class="px-3 py-1 whitespace-nowrap tabular-nums">
                {row.durationMs !== undefined && milliseconds(row.durationMs)}
              </td>
              <td class="px-3 py-1 whitespace-nowrap tabular-nums">
                {heldOf(timeline, row)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function heldOf({ spans }: Timeline, { role, spanIndex }: TimelineRow) {
  const held = spanIndex === undefined ? undefined : spans[spanIndex]?.held;
  return role === "start" && held ? milliseconds(held.heldMs) : undefined;
}
