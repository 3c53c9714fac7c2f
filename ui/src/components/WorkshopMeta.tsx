/** Level, hours, and what to know first. */
import type { WorkshopSummary } from "@contract/api.ts";
import { isMet } from "../models/next_step.ts";
import { LEVELS } from "./levels.ts";

interface WorkshopMetaProps {
  readonly workshop: WorkshopSummary;
  /** With these at hand each need says whether it is met. */
  readonly all?: readonly WorkshopSummary[];
}

export function WorkshopMeta({ workshop, all }: WorkshopMetaProps) {
  const { level, hours, needs } = workshop;
  return (
    <span class="text-sm text-soft">
      {LEVELS[level]} · {hours} h
      {needs.length > 0 && " · needs "}
      {needs.map((need, index) => (
        <span key={need}>
          {index > 0 && ", "}
          {need}
          {all !== undefined && <Met isMet={isMet(need, all)} />}
        </span>
      ))}
    </span>
  );
}

function Met({ isMet }: { isMet: boolean }) {
  if (!isMet) return <span class="sr-only">(not passed yet)</span>;
  return (
    <span class="ml-0.5 text-pass">
      ✓<span class="sr-only">(passed)</span>
    </span>
  );
}
