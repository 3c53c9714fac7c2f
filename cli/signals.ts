/** Ends a command on Ctrl-C or SIGTERM: the first aborts `signal`, so that everything is closed; the second exits. */
export function onInterrupt(): { readonly signal: AbortSignal } & Disposable {
  const interrupt = new AbortController();
  const names: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  const listener = () => {
    if (interrupt.signal.aborted) Deno.exit(130);
    interrupt.abort();
  };
  for (const name of names) Deno.addSignalListener(name, listener);
  return {
    signal: interrupt.signal,
    [Symbol.dispose]: () => {
      for (const name of names) Deno.removeSignalListener(name, listener);
    },
  };
}
