import { type Failure, failureOf } from "./failure.ts";

/**
 * Replaces `fetch` by one that ends the process when it is to reach the network: a framework's error handler would
 * otherwise turn the refusal into a 500 that explains nothing. `data:` and `blob:` URLs stay within the process.
 */
export function installFetchGuard(
  submissionUrl: string,
  onFailure: (failure: Failure) => void,
): void {
  const realFetch = globalThis.fetch;
  globalThis.fetch = async function fetch(input, init) {
    const url = input instanceof Request ? input.url : String(input);
    if (!/^https?:/.test(url)) return await realFetch(input, init);
    const error = new Deno.errors.NotCapable(
      `Requires net access to "${url.slice(0, 200)}"`,
    );
    onFailure(failureOf(error, {
      reason: "forbidden",
      doing: "fetch() failed",
      submissionUrl,
    }));
    throw error;
  };
}
