/** The workshop's README with its outline beside it. */
import { useEffect } from "preact/hooks";
import { withoutTitle } from "../models/brief.ts";
import { Prose } from "./Markdown.tsx";
import { useMarkdown } from "./use_markdown.ts";

interface BriefPanelProps {
  readonly brief: string;
  /** "03-rate-limiter" */
  readonly slug: string;
}

export function BriefPanel({ brief, slug }: BriefPanelProps) {
  const text = withoutTitle(brief);
  const rendered = useMarkdown(text, `workshops/${slug}`);
  useEffect(() => {
    // The browser looked for the place before there was one.
    const place = decodeURIComponent(location.hash.slice(1));
    if (rendered && place) document.getElementById(place)?.scrollIntoView();
  }, [rendered]);
  return (
    <div class="grid grid-cols-1 gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,44rem)_1fr]">
      <Prose text={text} rendered={rendered} />
      {rendered && (
        <nav
          aria-label="In this brief"
          class="row-start-1 border-rule text-sm lg:sticky lg:top-6 lg:col-start-2 lg:self-start lg:border-l lg:pl-6"
        >
          <ul class="grid gap-1">
            {rendered.outline.map(({ id, text, depth }) => (
              <li key={id} class={depth > 2 ? "pl-4" : "font-semibold"}>
                <a href={`#${id}`} class="no-underline hover:underline">
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </div>
  );
}
