/** Copies a text and says so. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "./Button.tsx";

const SAID_MS = 1600;

interface CopyButtonProps {
  readonly text: string;
  /** "the command": read out, as the button itself only says "Copy". */
  readonly what: string;
}

export function CopyButton({ text, what }: CopyButtonProps) {
  const said = useSignal<"Copied" | "Select it by hand" | undefined>(undefined);
  useEffect(() => {
    if (said.value === undefined) return;
    const timer = setTimeout(() => said.value = undefined, SAID_MS);
    return () => clearTimeout(timer);
  }, [said.value]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      said.value = "Copied";
    } catch {
      // Pages that are not served over https from afar have no clipboard.
      said.value = "Select it by hand";
    }
  }

  return (
    <>
      <Button onClick={copy} label={`Copy ${what}`}>
        {said.value ?? "Copy"}
      </Button>
      {/* Beside the button, whose label hides what is in it from screen readers. */}
      <span role="status" class="sr-only">{said.value}</span>
    </>
  );
}
