/** Renders markdown with libraries that are fetched when first needed. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Rendered } from "../mark_up.ts";

/** Undefined until the libraries are here. */
export function useMarkdown(
  source: string,
  folder: string,
): Rendered | undefined {
  const rendered = useSignal<Rendered | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    import("../markdown.ts").then(({ renderMarkdown }) => {
      if (isCurrent) rendered.value = renderMarkdown(source, folder);
    });
    return () => {
      isCurrent = false;
    };
  }, [source, folder]);
  return rendered.value;
}
