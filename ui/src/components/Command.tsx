/** A command line to run, ready to be copied. */
import { CopyButton } from "./CopyButton.tsx";

export function Command({ line }: { line: string }) {
  return (
    <div class="flex max-w-full items-center gap-2 rounded-sm border border-rule bg-sunk py-1 pr-1 pl-3">
      <code class="min-w-0 flex-1 [overflow-wrap:anywhere] py-1">
        <span aria-hidden="true" class="mr-2 text-faint select-none">$</span>
        {line}
      </code>
      <CopyButton text={line} what={`the command ${line}`} />
    </div>
  );
}
