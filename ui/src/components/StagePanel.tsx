/** What a stage teaches, what it checks, and its hints. */
import type { WorkshopDetail } from "@contract/api.ts";
import type { CheckKind } from "@contract/manifest.ts";
import { Command } from "./Command.tsx";
import { stageSection } from "../models/brief.ts";
import { HintLadder } from "./HintLadder.tsx";
import { Markdown } from "./Markdown.tsx";

const KINDS: Readonly<Record<CheckKind, string>> = {
  api: "what it answers",
  pg: "Postgres",
  redis: "Redis",
  race: "races between instances",
  fault: "faults",
  load: "load",
};

interface StagePanelProps {
  readonly workshop: WorkshopDetail;
  /** The first stage that is not passed when absent. */
  readonly number: number | undefined;
}

export function StagePanel({ workshop, number }: StagePanelProps) {
  const wanted = number ??
    workshop.stages.find(({ status }) => status !== "passed")?.number ?? 1;
  const stage = workshop.stageManifests.find((each) => each.number === wanted);
  if (stage === undefined) {
    return <p>This workshop has no stage {wanted}. Choose one above.</p>;
  }
  const text = stageSection(workshop.brief, `${workshop.number}.${wanted}`);
  const command = `deno task workshop ${
    Number(workshop.number)
  } --stage ${wanted} --watch`;
  return (
    <div class="grid grid-cols-1 gap-8 lg:grid-cols-2">
      <section class="grid content-start gap-4">
        <h2 class="text-3xl font-semibold">
          {workshop.number}.{stage.number} {stage.title}
        </h2>
        <p class="text-lg">{stage.teaches}</p>
        <p class="text-soft">
          About {stage.minutes} minutes. {stage.checks.length} checks of{" "}
          {stage.kinds.map((kind) => KINDS[kind]).join(", ")}.
          {stage.staff && " Part of the staff path."}
        </p>
        <Command line={command} />
        <p>
          <a href={`/workshops/${workshop.slug}/brief`}>
            The whole brief
          </a>
        </p>
        {text && <Markdown text={text} folder={`workshops/${workshop.slug}`} />}
      </section>
      <HintLadder
        key={stage.number}
        slug={workshop.slug}
        stage={stage.number}
      />
    </div>
  );
}
