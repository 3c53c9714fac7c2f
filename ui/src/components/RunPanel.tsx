/** A run: the verdict, the first failure, then everything else. */
import { failures } from "../models/failures.ts";
import type { LiveRun } from "../models/live_run.ts";
import { CheckList } from "./CheckList.tsx";
import { Failure } from "./Failure.tsx";
import { OtherFailure } from "./OtherFailure.tsx";
import { RunFacts } from "./RunFacts.tsx";
import { VerdictBanner } from "./VerdictBanner.tsx";

interface RunPanelProps {
  readonly live: LiveRun;
  readonly workshop: string;
}

export function RunPanel({ live, workshop }: RunPanelProps) {
  const run = live.run.value;
  const [first, ...others] = failures(run);
  return (
    <div class="grid grid-cols-1 gap-8">
      <VerdictBanner run={run} isConnected={live.isConnected.value} />
      {first?.failure && (
        <Failure check={first} failure={first.failure} workshop={workshop} />
      )}
      {others.map((check) =>
        check.failure && (
          <OtherFailure
            key={check.id}
            check={check}
            failure={check.failure}
            workshop={workshop}
          />
        )
      )}
      {run.stages.length > 0 && (
        <section>
          <h2 class="mb-2 text-2xl font-semibold">Every check</h2>
          <CheckList stages={run.stages} />
        </section>
      )}
      {run.report && <RunFacts report={run.report} />}
    </div>
  );
}
