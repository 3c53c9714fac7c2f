/** Progress as the bridge it builds: a bay is braced once its stage is passed. */
import type { StageProgress } from "@contract/api.ts";
import { PROGRESS_LOOKS } from "./statuses.ts";

const BAY_WIDTH = 24;
const HEIGHT = 30;
const DECK_Y = 3;
const FOOT_Y = HEIGHT - 2;

export function Trestle({ stages }: { stages: readonly StageProgress[] }) {
  const width = stages.length * BAY_WIDTH + 4;
  const words = stages.map(({ number, status }) =>
    `${number} ${PROGRESS_LOOKS[status].word}`
  );
  return (
    <svg
      role="img"
      aria-label={`Stages: ${words.join(", ")}`}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      class="trestle max-w-full"
    >
      {stages.map((stage, index) => (
        <Bay key={stage.number} stage={stage} x={2 + index * BAY_WIDTH} />
      ))}
      <path d={`M${width - 2} ${DECK_Y}V${FOOT_Y}`} class="pier" />
    </svg>
  );
}

const BRACES: Readonly<
  Record<StageProgress["status"], (left: number, right: number) => string>
> = {
  passed: (left, right) =>
    `M${left} ${DECK_Y}L${right} ${FOOT_Y}M${right} ${DECK_Y}L${left} ${FOOT_Y}`,
  // One brace that does not reach: it broke.
  failing: (left) =>
    `M${left} ${DECK_Y}l8 8m4-4-7 8M${left + 24} ${FOOT_Y}l-9-9`,
  open: () => "",
};

const LINES: Readonly<Record<StageProgress["status"], string>> = {
  passed: "text-ink",
  failing: "text-fail",
  open: "text-edge",
};

function Bay({ stage, x }: { stage: StageProgress; x: number }) {
  const right = x + BAY_WIDTH;
  const isOpen = stage.status === "open";
  return (
    <g class={LINES[stage.status]}>
      <title>
        {`${stage.number} ${stage.title}: ${PROGRESS_LOOKS[stage.status].word}`}
      </title>
      <rect x={x} y="0" width={BAY_WIDTH} height={HEIGHT} fill="transparent" />
      <path
        d={`M${x} ${DECK_Y}H${right}`}
        class="deck"
        stroke-dasharray={isOpen ? "2 3" : undefined}
      />
      <path d={`M${x} ${DECK_Y}V${FOOT_Y}`} class="pier" />
      <path d={BRACES[stage.status](x, right)} class="brace" />
    </g>
  );
}
