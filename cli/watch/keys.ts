/** Single keys from a terminal, or from a pipe; ends with it. Ctrl-C stays a signal. */
export async function* readKeys(): AsyncGenerator<string> {
  const isTerminal = Deno.stdin.isTerminal();
  if (isTerminal) Deno.stdin.setRaw(true, { cbreak: true });
  try {
    for await (const chunk of Deno.stdin.readable) {
      yield* new TextDecoder().decode(chunk).toLowerCase();
    }
  } finally {
    if (isTerminal) Deno.stdin.setRaw(false);
  }
}
