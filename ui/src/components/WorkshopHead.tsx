/** What the workshop is about, and what it takes. */
import type { WorkshopDetail } from "@contract/api.ts";
import { WorkshopMeta } from "./WorkshopMeta.tsx";

export function WorkshopHead({ workshop }: { workshop: WorkshopDetail }) {
  const { number, title, summary } = workshop;
  return (
    <header>
      <h1 class="text-4xl font-bold">
        <span class="text-faint">{number}</span> {title}
      </h1>
      <p class="mt-1 max-w-3xl text-lg">{summary}</p>
      <p class="mt-1">
        <WorkshopMeta workshop={workshop} />
      </p>
    </header>
  );
}
