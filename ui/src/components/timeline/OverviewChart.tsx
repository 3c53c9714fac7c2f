/** All lanes over one time axis. */
import { useMemo } from "preact/hooks";
import {
  layOutOverview,
  type OverviewLane,
} from "../../models/timeline/overview.ts";
import type { StaleReads } from "../../models/timeline/stale_reads.ts";
import type { TimeAxis } from "../../models/timeline/time_axis.ts";
import type { Timeline } from "../../models/timeline/types.ts";
import { KindMark } from "./kinds.tsx";
import { laneColour, laneName } from "./lanes.ts";
import { OverviewLayer } from "./OverviewLayer.tsx";

export interface OverviewProps {
  readonly timeline: Timeline;
  readonly stale: StaleReads | undefined;
  readonly selected: number;
  readonly onSelect: (row: number) => void;
}

/** A picture for the eye; the sequence below says the same in rows, so it is hidden from screen readers. */
export function OverviewChart(props: OverviewProps) {
  const { timeline, selected } = props;
  const overview = useMemo(() => layOutOverview(timeline), [timeline]);
  const { axis } = overview;
  const row = timeline.rows[selected];
  return (
    <div aria-hidden="true" class="overview-box">
      <div class="overview">
        {overview.lanes.map((lane) => (
          <Lane key={lane.instance} {...props} lane={lane} axis={axis} />
        ))}
        <div class="overview-rulers">
          {axis.ticks.map((tick) => (
            <span
              key={tick.atMs}
              class="tick"
              data-last={tick.position > 0.99}
              style={{ left: percent(tick.position) }}
            >
              {tick.atMs.toLocaleString("en")}
            </span>
          ))}
          {timeline.rows.filter(isRuler).map(({ index, atMs }) => (
            <span
              key={index}
              class="ruler"
              style={{ left: percent(axis.position(atMs)) }}
            />
          ))}
          {row && (
            <span
              class="cursor"
              style={{ left: percent(axis.position(row.atMs)) }}
            />
          )}
        </div>
      </div>
      <p class="overview-note">
        Milliseconds; long waits are drawn shorter than they were
      </p>
    </div>
  );
}

interface LaneProps extends OverviewProps {
  readonly lane: OverviewLane;
  readonly axis: TimeAxis;
}

function Lane({ lane, axis, ...props }: LaneProps) {
  return (
    <div class={`overview-lane ${laneColour(lane.instance)}`}>
      <span class="overview-name">{laneName(lane.instance)}</span>
      {lane.marks.length > 0 && (
        <div class="overview-layer">
          <span class="overview-label" />
          <div class="relative h-4">
            {lane.marks.map((row) => (
              <button
                key={row.index}
                type="button"
                tabIndex={-1}
                title={row.text}
                class="overview-mark"
                style={{ left: percent(axis.position(row.atMs)) }}
                onClick={() => props.onSelect(row.index)}
              >
                <KindMark kind={row.kind} text={row.text} />
              </button>
            ))}
          </div>
        </div>
      )}
      {lane.layers.map((layer) => (
        <OverviewLayer key={layer.kind} {...props} layer={layer} axis={axis} />
      ))}
    </div>
  );
}

/** What the lab did concerns everybody: it is ruled through all lanes. */
function isRuler({ instance, kind }: Timeline["rows"][number]): boolean {
  return instance === undefined && kind !== "log";
}

function percent(position: number): string {
  return `${(position * 100).toFixed(3)}%`;
}
