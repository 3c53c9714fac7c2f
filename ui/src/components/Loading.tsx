/** Something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <div role="status" class="py-10">
      <span class="text-soft">Loading {what}…</span>
      <div aria-hidden="true" class="mt-4 grid gap-3">
        {[60, 85, 72].map((percent) => (
          <div
            key={percent}
            class="h-5 animate-pulse rounded-sm bg-sunk"
            style={{ width: `${percent}%` }}
          />
        ))}
      </div>
    </div>
  );
}
