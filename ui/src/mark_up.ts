/**
 * Markdown to markup that is not cleaned yet: markdown.ts does that before anybody draws it.
 *
 * @module
 */
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

/** What leads somewhere by itself: an address with a scheme, or a page of the dashboard. */
const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:|\/)/i;

/** `folder` is where the text lies in the learner's clone: "workshops/01-basics". */
export function markUp(source: string, folder: string): Rendered {
  const outline: Heading[] = [];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const text = plainText(tokens);
        const id = idOf(text);
        outline.push({ id, text, depth });
        const inner = this.parser.parseInline(tokens);
        return `<h${depth} id="${id}">${inner}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        if (ADDRESS.test(href)) return false;
        const inner = this.parser.parseInline(tokens);
        if (href.startsWith("#")) {
          return `<a href="#${idOf(href)}">${inner}</a>`;
        }
        // Files are not served: the learner opens them in their editor.
        return `${inner} (<code>${placeOf(href, folder)}</code>)`;
      },
    },
  });
  return { html: marked.parse(source, { async: false }), outline };
}

/** GitHub's anchor behind a word that keeps it apart from the page's own ids: "02.1 Shorten" is "section-021-shorten". */
function idOf(text: string): string {
  const anchor = text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
  return `section-${anchor.replace(/\s/g, "-")}`;
}

/** "../../docs/x.md#y" in "workshops/01-basics" is "docs/x.md". */
function placeOf(href: string, folder: string): string {
  return new URL(href, `file:///${folder}/`).pathname.slice(1);
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => (token as Tokens.Text).text ?? token.raw)
    .join("");
}
