/** Says that the server is away, for as long as it is. */
import { useApp } from "../app_context.ts";
import { StatusShape } from "./StatusShape.tsx";

export function ContactBanner() {
  const { contact } = useApp();
  return (
    <div role="status">
      {!contact.isReached.value && (
        <p class="flex items-center justify-center gap-2 bg-signal px-4 py-2 text-on-signal">
          <span class="contents [&_svg]:text-on-signal">
            <StatusShape shape="turning" tone="wait" />
          </span>
          The server cannot be reached. This page goes on by itself once it is
          back.
        </p>
      )}
    </div>
  );
}
