/** Markdown as markup, cleaned. */
import type { Rendered } from "../mark_up.ts";
import { useMarkdown } from "./use_markdown.ts";

interface MarkdownProps {
  readonly text: string;
  /** Where the text lies: "workshops/01-basics". */
  readonly folder: string;
}

export function Markdown({ text, folder }: MarkdownProps) {
  return <Prose text={text} rendered={useMarkdown(text, folder)} />;
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
