import { type ServerAddress } from "../server_client.ts";

const ANSWER_MS_MAX = 5_000;

/** Asks a running server for a link that signs a browser in once. */
export async function requestEnterLink(
  { url, token }: ServerAddress,
): Promise<string> {
  const answer = await fetch(new URL("/api/enter_links", url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  if (!answer.ok) {
    throw new Error(
      `The server at ${url} gave no link: ${await answer.text()}`,
    );
  }
  return (await answer.json()).url;
}
