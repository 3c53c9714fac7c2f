/** A failure after the first: one line that opens. */
import { useSignal } from "@preact/signals";
import { Failure, type FailureProps } from "./Failure.tsx";

export function OtherFailure(props: FailureProps) {
  // What nobody has opened is not drawn: evidence can be hundreds of rows.
  const isOpen = useSignal(false);
  return (
    <details
      class="border-t border-rule pt-3"
      onToggle={(event) => isOpen.value = event.currentTarget.open}
    >
      <summary>
        <span class="font-mono">{props.check.id}</span> {props.failure.rule}
      </summary>
      {isOpen.value && (
        <div class="mt-4">
          <Failure {...props} />
        </div>
      )}
    </details>
  );
}
