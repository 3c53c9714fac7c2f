/** The answer to "what now?". */
import type { NextStep } from "../models/next_step.ts";
import { Command } from "./Command.tsx";

const REASONS: Readonly<Record<NextStep["reason"], string>> = {
  failing: "It fails right now; the report shows where.",
  started: "You are in the middle of it.",
  ready: "You have everything that it needs.",
  unready: "It builds on workshops that you have not passed yet.",
};

export function NextStepCard({ next }: { next: NextStep | undefined }) {
  if (next === undefined) {
    return (
      <p class="mt-6 border-l-8 border-signal bg-tint px-5 py-4">
        Every stage is passed. Help somebody else build theirs.
      </p>
    );
  }
  const { workshop, stage, reason } = next;
  const id = `${workshop.number}.${stage.number}`;
  return (
    <section
      aria-label="Next step"
      class="mt-6 grid items-center gap-x-8 gap-y-3 border-l-8 border-signal bg-tint px-5 py-4 lg:grid-cols-[1fr_auto]"
    >
      <div>
        <h2 class="text-2xl font-semibold">
          Next:{" "}
          <a href={`/workshops/${workshop.slug}`}>
            {id} {stage.title}
          </a>
        </h2>
        <p class="text-soft">{workshop.title}. {REASONS[reason]}</p>
      </div>
      <Command line={`deno task workshop ${Number(workshop.number)} --watch`} />
    </section>
  );
}
