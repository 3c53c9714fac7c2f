/** Hints, one level at a time. */
import type { StageHints } from "@contract/api.ts";
import { useRef } from "preact/hooks";
import { useApp } from "../app_context.ts";
import { createHints, type Hints } from "../models/hints.ts";
import { Button } from "./Button.tsx";
import { Loaded } from "./Loaded.tsx";
import { Markdown } from "./Markdown.tsx";
import { useModel } from "./use_model.ts";

const LEVELS = ["A nudge", "The idea", "Nearly the code"] as const;

interface HintLadderProps {
  readonly slug: string;
  readonly stage: number;
}

export function HintLadder({ slug, stage }: HintLadderProps) {
  const { api } = useApp();
  const hints = useModel(() => createHints(api, slug, stage), [slug, stage]);
  return (
    <section>
      <h2 class="text-2xl font-semibold">Hints</h2>
      <Loaded resource={hints.state.value} reload={hints.reload} what="hints">
        {(view) =>
          view.total === 0
            ? <p class="text-soft">This stage has none. Its checks say much.</p>
            : <Ladder view={view} hints={hints} slug={slug} />}
      </Loaded>
    </section>
  );
}

interface LadderProps {
  readonly view: StageHints;
  readonly hints: Hints;
  readonly slug: string;
}

function Ladder({ view, hints, slug }: LadderProps) {
  const { unlocked, total } = view;
  const nextHeading = useRef<HTMLHeadingElement>(null);

  async function reveal() {
    // The button goes away with the click, so the focus moves to what came in its place.
    const heading = nextHeading.current;
    if (await hints.unlock()) heading?.focus();
  }

  return (
    <ol class="mt-2 border-l-4 border-rule" aria-live="polite">
      {Array.from(
        { length: total },
        (_, level) => (
          <li key={level} class="border-b border-rule px-4 py-3">
            <h3
              ref={level === unlocked.length ? nextHeading : undefined}
              tabIndex={-1}
              class="label"
            >
              {level + 1} · {LEVELS[level] ?? "One more"}
            </h3>
            {level < unlocked.length && (
              <Markdown
                text={unlocked[level]!}
                folder={`workshops/${slug}/hints`}
              />
            )}
            {level === unlocked.length && (
              <p class="mt-1">
                <Button onClick={reveal} isBusy={hints.isUnlocking.value}>
                  Show this hint
                </Button>
                {hints.refusal.value && (
                  <span role="alert" class="ml-3 text-fail">
                    {hints.refusal.value}.
                  </span>
                )}
              </p>
            )}
            {level > unlocked.length && (
              <p class="text-sm text-faint">After the one before.</p>
            )}
          </li>
        ),
      )}
    </ol>
  );
}
