/** A status in shape and word. */
import type { StatusLook } from "./statuses.ts";
import { StatusShape } from "./StatusShape.tsx";

export function Status({ look }: { look: StatusLook }) {
  return (
    <span class="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StatusShape shape={look.shape} tone={look.tone} />
      {look.word}
    </span>
  );
}
