import { findServer } from "../server_client.ts";

/** A first start on a new machine may still be preparing its stores. */
const READY_MS_MAX = 120_000;
const RETRY_MS = 100;
const ANSWER_MS_MAX = 5_000;

/** Asks the running server for a link that signs a browser in once; waits for a server that is about to be there. */
export async function requestEnterLink(signal: AbortSignal): Promise<string> {
  const deadline = performance.now() + READY_MS_MAX;
  while (true) {
    try {
      return await askForLink(signal);
    } catch (error) {
      if (signal.aborted || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function askForLink(signal: AbortSignal): Promise<string> {
  const { url, token } = await findServer();
  const answer = await fetch(new URL("/api/enter_links", url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
  });
  if (answer.ok) return (await answer.json()).url;
  throw new Error(
    `The server at ${url} gave no link: ${await answer.text()}`,
  );
}
