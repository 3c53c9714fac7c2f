/** What went wrong and what to do about it. */
import type { ApiError, ApiErrorCode } from "../api.ts";
import { Button } from "./Button.tsx";
import { StatusShape } from "./StatusShape.tsx";

interface ErrorText {
  readonly title: string;
  readonly nextStep: string;
}

const OUR_FAULT =
  "This is a fault of the server. Its log says more; try again, and report it if it stays.";

const ERROR_TEXTS: Readonly<Record<ApiErrorCode, ErrorText>> = {
  unreachable: {
    title: "The server cannot be reached",
    nextStep:
      "Is “deno task start” still running? The page goes on by itself once the server is back.",
  },
  unreadable: { title: "The answer made no sense", nextStep: OUR_FAULT },
  internal: { title: "The server failed", nextStep: OUR_FAULT },
  unavailable: {
    title: "The server is busy",
    nextStep: "Try again in a moment.",
  },
  unauthenticated: {
    title: "You are not signed in",
    nextStep: "Open the link that “deno task start” printed.",
  },
  forbidden: {
    title: "This is not yours to see",
    nextStep: "Go back to your own work, or ask your instructor.",
  },
  not_found: {
    title: "There is no such thing here",
    nextStep: "Check the address, or start from the list of workshops.",
  },
  conflict: {
    title: "Somebody was faster",
    nextStep: "Reload the page and look at what is there now.",
  },
  too_many_requests: {
    title: "Too many requests",
    nextStep: "Wait a minute, then try again.",
  },
  invalid_input: { title: "The request was refused", nextStep: OUR_FAULT },
  payload_too_large: { title: "Too large", nextStep: "Send less at once." },
  submission_rejected: {
    title: "The submission broke a rule",
    nextStep: "Correct it and submit again.",
  },
  idempotency_mismatch: {
    title: "The same key was used for other files",
    nextStep: "Submit again.",
  },
};

interface ErrorNoteProps {
  readonly error: ApiError;
  readonly onRetry?: () => void;
}

export function ErrorNote({ error, onRetry }: ErrorNoteProps) {
  const { title, nextStep } = ERROR_TEXTS[error.code];
  return (
    <div
      role="alert"
      class="my-8 max-w-2xl border-l-4 border-fail bg-fail-tint p-5"
    >
      <h2 class="flex items-center gap-2 text-xl font-semibold">
        <StatusShape shape="alert" tone="fail" />
        {title}
      </h2>
      <p class="mt-1">{error.message}.</p>
      <p class="mt-1 text-soft">{nextStep}</p>
      {onRetry && (
        <p class="mt-4">
          <Button onClick={onRetry}>Try again</Button>
        </p>
      )}
    </div>
  );
}
