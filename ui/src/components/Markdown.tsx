/** Markdown as markup, cleaned. */
import type { Rendered } from "../markdown.ts";
import { useMarkdown } from "./use_markdown.ts";

export function Markdown({ text }: { text: string }) {
  return <Prose text={text} rendered={useMarkdown(text)} />;
}

interface ProseProps {
  readonly text: string;
  readonly rendered: Rendered | undefined;
}

/** Until it is rendered the source is readable enough. */
export function Prose({ text, rendered }: ProseProps) {
  if (rendered === undefined) {
    return <div class="prose whitespace-pre-wrap">{text}</div>;
  }
  return (
    <div class="prose" dangerouslySetInnerHTML={{ __html: rendered.html }} />
  );
}
