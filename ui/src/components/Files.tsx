/** The files that were submitted. */
import { CopyButton } from "./CopyButton.tsx";

interface FilesProps {
  readonly files: Readonly<Record<string, string>>;
}

export function Files({ files }: FilesProps) {
  return (
    <section class="grid grid-cols-1 gap-3">
      <h2 class="text-2xl font-semibold">What was submitted</h2>
      {Object.entries(files).map(([path, text], index) => (
        <details key={path} open={index === 0} class="min-w-0">
          <summary class="font-mono text-sm">{path}</summary>
          <div class="mt-2 flex justify-end">
            <CopyButton text={text} what={path} />
          </div>
          <pre
            tabIndex={0}
            class="numbered mt-1 max-h-[36rem] overflow-auto border border-rule bg-sheet py-3 text-sm"
          >
            {text.trimEnd().split("\n").map((line, number) => (
              <span key={number} class="line">{line + "\n"}</span>
            ))}
          </pre>
        </details>
      ))}
    </section>
  );
}
