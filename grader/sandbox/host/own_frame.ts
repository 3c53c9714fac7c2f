/** First place of the learner's own in the stack of an error: "limits/bucket.ts:12:5". */
export function ownFrame(
  error: unknown,
  submissionUrl: string,
): string | undefined {
  const stack = error instanceof Error ? String(error.stack) : "";
  const frame = stack.split("\n").find((line) =>
    /^\s+at /.test(line) && line.includes(submissionUrl)
  );
  return frame?.split(submissionUrl)[1]?.match(/^[^\s)]+:\d+:\d+/)?.[0];
}

/** The same to be put behind a message: " (limits/bucket.ts:12:5)", or nothing. */
export function placeBehind(error: unknown, submissionUrl: string): string {
  const place = ownFrame(error, submissionUrl);
  return place === undefined ? "" : ` (${place})`;
}
