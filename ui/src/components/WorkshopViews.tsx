/** The views of a workshop, and how to switch between them. */
import { useLocation } from "preact-iso";
import type { WorkshopDetail } from "@contract/api.ts";
import { useShortcuts } from "./use_shortcuts.ts";

interface WorkshopViewsProps {
  readonly workshop: WorkshopDetail;
  readonly current: string;
}

const NAMES = [
  ["run", "Run"],
  ["brief", "Brief"],
  ["stages", "Stages and hints"],
  ["history", "History"],
  ["debrief", "Debrief"],
] as const;

export function WorkshopViews({ workshop, current }: WorkshopViewsProps) {
  const { route } = useLocation();
  const views = NAMES
    .filter(([view]) => view !== "debrief" || workshop.debrief !== undefined)
    .map(([view, name], index) => ({
      name,
      key: String(index + 1),
      isCurrent: view === current,
      href: `/workshops/${workshop.slug}` + (view === "run" ? "" : `/${view}`),
    }));
  useShortcuts(
    views.map(({ key, name, href }) => ({
      key,
      does: `Show “${name}”`,
      run: () => route(href),
    })),
    [workshop.slug, views.length],
  );
  return (
    <nav
      aria-label="Views of this workshop"
      class="flex flex-wrap gap-x-5 gap-y-1 border-b border-rule"
    >
      {views.map(({ name, href, isCurrent }) => (
        <a
          key={href}
          href={href}
          aria-current={isCurrent ? "page" : undefined}
          class="nav-link"
        >
          {name}
        </a>
      ))}
    </nav>
  );
}
