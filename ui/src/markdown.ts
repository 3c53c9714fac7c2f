/** Markdown to markup that cannot do anything. */
import DOMPurify from "dompurify";
import { marked } from "marked";

/** `style` attributes would break the content security policy, so they go as well. */
export function renderMarkdown(text: string): string {
  return DOMPurify.sanitize(marked.parse(text, { async: false }), {
    USE_PROFILES: { html: true },
    FORBID_ATTR: ["style"],
    FORBID_TAGS: ["style", "form"],
  });
}
