/** One failing check: the promise, what broke it, the evidence, and how to see it again. */
import type { CheckReport, Failure as FailureData } from "@contract/report.ts";
import { Command } from "./Command.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Difference } from "./Difference.tsx";
import { Markdown } from "./Markdown.tsx";
import { CHECK_LOOKS } from "./statuses.ts";
import { Status } from "./Status.tsx";
import { Evidence } from "./timeline/Evidence.tsx";

export interface FailureProps {
  readonly check: CheckReport;
  readonly failure: FailureData;
  /** "03-rate-limiter" */
  readonly workshop: string;
}

export function Failure({ check, failure, workshop }: FailureProps) {
  const id = `check-${check.id}`;
  return (
    <article aria-labelledby={id} class="grid grid-cols-1 gap-6">
      <header>
        <p class="flex flex-wrap items-center gap-x-3 text-soft">
          <span class="font-mono">{check.id}</span>
          <Status look={CHECK_LOOKS[check.status]} />
          <span>{check.title}</span>
        </p>
        <h2 id={id} class="mt-1 max-w-4xl text-3xl font-semibold">
          {failure.rule}
        </h2>
      </header>
      {failure.sent && (
        <section>
          <div class="flex max-w-4xl items-center justify-between">
            <h3 class="label">Sent</h3>
            <CopyButton text={failure.sent} what="what was sent" />
          </div>
          <p class="max-w-4xl font-mono text-[0.9em] whitespace-pre-wrap">
            {failure.sent}
          </p>
        </section>
      )}
      <Difference expected={failure.expected} received={failure.received} />
      {failure.trace.length > 0 && <Evidence trace={failure.trace} />}
      <div class="grid gap-6 lg:grid-cols-2">
        {failure.hint && (
          <section class="border-l-4 border-signal pl-4">
            <h3 class="label">Hint</h3>
            <Markdown text={failure.hint} folder={`workshops/${workshop}`} />
          </section>
        )}
        {failure.logs.length > 0 && <Logs lines={failure.logs} />}
      </div>
      <section class="max-w-2xl">
        <h3 class="label">See it again, with the same inputs</h3>
        <Command line={replayCommand(workshop, check.id, failure.seed)} />
      </section>
    </article>
  );
}

function Logs({ lines }: { lines: readonly string[] }) {
  return (
    <section class="min-w-0">
      <h3 class="label">Your own log lines</h3>
      <pre tabIndex={0} class="max-h-64 overflow-auto bg-sunk p-3">
        {lines.join("\n")}
      </pre>
    </section>
  );
}

function replayCommand(workshop: string, check: string, seed: string): string {
  const number = Number(workshop.slice(0, 2));
  const stage = /\.(\d+)/.exec(check)?.[1] ?? "1";
  return `deno task workshop ${number} --stage ${stage} --seed ${seed}`;
}
