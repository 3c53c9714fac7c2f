/** Submissions, newest first: verdict, checks in small, when. */
import type { SubmissionView } from "@contract/api.ts";
import { CHECK_LOOKS, STATE_LOOKS, VERDICT_LOOKS } from "./statuses.ts";
import { Status } from "./Status.tsx";
import { StatusShape } from "./StatusShape.tsx";
import { When } from "./When.tsx";

interface SubmissionListProps {
  readonly submissions: readonly SubmissionView[];
}

export function SubmissionList({ submissions }: SubmissionListProps) {
  return (
    <ol class="border-t border-rule">
      {submissions.map((submission) => (
        <li key={submission.id} class="border-b border-rule">
          <a
            href={`/submissions/${submission.id}`}
            class="grid items-center gap-x-4 gap-y-1 px-2 py-2.5 no-underline hover:bg-sheet sm:grid-cols-[10rem_12rem_1fr_auto]"
          >
            <span class="font-semibold">
              <Status look={lookOf(submission)} />
            </span>
            <span class="text-soft">{submission.workshop}</span>
            <Checks checks={submission.checks} />
            <span class="text-sm text-faint">
              <When time={submission.receivedAt} />
            </span>
          </a>
        </li>
      ))}
    </ol>
  );
}

function lookOf({ state, verdict }: SubmissionView) {
  return verdict === undefined ? STATE_LOOKS[state] : VERDICT_LOOKS[verdict];
}

function Checks({ checks }: Pick<SubmissionView, "checks">) {
  const passed = checks.filter(({ status }) => status === "pass").length;
  return (
    <span class="flex flex-wrap items-center gap-1">
      {checks.map(({ id, status }) => {
        const { shape, tone, word } = CHECK_LOOKS[status];
        return (
          <span key={id} title={`${id} ${word}`} class="contents">
            <StatusShape shape={shape} tone={tone} />
          </span>
        );
      })}
      {checks.length > 0 && (
        <span class="ml-1 text-sm text-faint">
          {passed} of {checks.length}
          <span class="sr-only">checks passed</span>
        </span>
      )}
    </span>
  );
}
