/**
 * Markdown to markup that cannot do anything. Fetched by the page only when there is markdown to draw.
 *
 * @module
 */
import DOMPurify from "dompurify";
import { Marked, type Token, type Tokens } from "marked";

export interface Rendered {
  readonly html: string;
  readonly outline: readonly Heading[];
}

export interface Heading {
  /** Of the heading's element. */
  readonly id: string;
  readonly text: string;
  /** 1 to 6. */
  readonly depth: number;
}

export function renderMarkdown(source: string): Rendered {
  const outline: Heading[] = [];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const id = idOf(text);
        outline.push({ id, text: plainText(tokens), depth });
        const inner = this.parser.parseInline(tokens);
        return `<h${depth} id="${id}">${inner}</h${depth}>\n`;
      },
    },
  });
  const html = DOMPurify.sanitize(marked.parse(source, { async: false }), {
    USE_PROFILES: { html: true },
    // `style` attributes would break the content security policy.
    FORBID_ATTR: ["style"],
    FORBID_TAGS: ["style", "form"],
  });
  return { html, outline };
}

/** "02.1 Shorten and redirect" is "section-02-1-shorten-and-redirect". */
function idOf(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return ["section", ...words].join("-");
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => (token as Tokens.Text).text ?? token.raw)
    .join("");
}
