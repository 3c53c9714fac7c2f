/** Words that several stages use: making links and visiting them. */
import { type Answer, expect, type Lab, type Requester } from "@lab";

/** An address that no other link of this run has. */
export function freshUrl(lab: Lab): string {
  return `https://Example.com/${lab.random.word(12)}?q=${lab.random.word(6)}`;
}

/** Creates a link and gives its code. */
export async function createLink(
  system: Requester,
  body: Record<string, unknown>,
): Promise<string> {
  const answer = await system.post("/links", body);
  expect(answer, "POST /links with a valid body creates a link").toHaveStatus(
    201,
  );
  return answer.json.code;
}

/** Asserts that a code leads to an address. */
export function expectRedirect(answer: Answer, url: string): void {
  expect(answer, "A link redirects").toHaveStatus(301, 302);
  expect(
    answer.headers.get("location"),
    "Location is the address exactly as it was posted",
  ).toBe(url);
}

/** Moves the clock past the next flush and waits until the count is there. */
export async function expectClicks(
  lab: Lab,
  code: string,
  clicks: number,
): Promise<void> {
  await lab.clock.advance(60_000);
  await lab.eventually(async () => {
    const answer = await lab.get(`/links/${code}/stats`);
    expect(answer, "Statistics of a link answer 200").toHaveStatus(200);
    expect(
      answer.json.clicks,
      "Every redirect is counted, and nothing else, flushSec later at the latest",
    ).toBe(clicks);
  });
}
