/** What a run cost and what it printed. */
import type { Report, SandboxFloor } from "@contract/report.ts";

const FLOORS: Readonly<Record<SandboxFloor, string>> = {
  local: "Deno's permissions",
  class: "full sandbox",
};

export function RunFacts({ report }: { report: Report }) {
  const facts: readonly (readonly [string, string])[] = [
    ["Took", `${(report.wallMs / 1000).toFixed(1)} s`],
    ["Processor", `${(report.cpuMs / 1000).toFixed(1)} s`],
    ["Memory", `${Math.round(report.peakMemoryBytes / 1024 / 1024)} MB`],
    ["Seed", report.seed],
    ["Ran in", FLOORS[report.floor]],
    ["Kit", report.kitVersion],
    ["Checks", report.suiteHash.slice(0, 8)],
  ];
  return (
    <section class="grid grid-cols-1 gap-4">
      <dl class="flex flex-wrap gap-x-8 gap-y-2 text-sm">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt class="text-faint">{name}</dt>
            <dd class="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {report.output !== "" && (
        <details open={report.stages.length === 0}>
          <summary class="label">
            What your code printed
            {report.isOutputTruncated && " (its last 64 KB)"}
          </summary>
          <pre tabIndex={0} class="mt-2 max-h-96 overflow-auto bg-sunk p-3">
            {report.output}
          </pre>
        </details>
      )}
    </section>
  );
}
