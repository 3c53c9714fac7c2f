/** Markdown as markup, cleaned. Its libraries are fetched when first needed. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export function Markdown({ text }: { text: string }) {
  const html = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    import("../markdown.ts").then(({ renderMarkdown }) => {
      if (isCurrent) html.value = renderMarkdown(text);
    });
    return () => isCurrent = false;
  }, [text]);
  // Until the libraries are here the source is readable enough.
  if (html.value === undefined) {
    return <div class="prose whitespace-pre-wrap">{text}</div>;
  }
  return <div class="prose" dangerouslySetInnerHTML={{ __html: html.value }} />;
}
