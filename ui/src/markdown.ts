/**
 * Markdown to markup that cannot do anything. Fetched by the page only when there is markdown to draw.
 *
 * @module
 */
import DOMPurify from "dompurify";
import { markUp, type Rendered } from "./mark_up.ts";

/** `folder` is where the text lies in the learner's clone: "workshops/01-basics". */
export function renderMarkdown(source: string, folder: string): Rendered {
  const { html, outline } = markUp(source, folder);
  const clean = DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    // `style` attributes would break the content security policy.
    FORBID_ATTR: ["style"],
    FORBID_TAGS: ["style", "form"],
  });
  return { html: clean, outline };
}
