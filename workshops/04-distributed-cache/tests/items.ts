/** Words that the stages with items use. */
import { type Answer, expect, type Lab, type Requester } from "@lab";

/** An id that nobody has used yet. */
export function freshId(lab: Lab): string {
  return `item-${lab.random.word(10)}`;
}

/** A value that stands nowhere else. */
export function freshValue(lab: Lab): string {
  return `value ${lab.random.word(16)}`;
}

/** PUTs a value and gives its ETag. */
export async function putItem(
  system: Requester,
  id: string,
  value: string,
  { status = 200, rule }: { status?: number; rule?: string } = {},
): Promise<string> {
  const answer = await system.put(`/items/${id}`, { value });
  expect(answer, rule ?? `PUT of an item answers ${status} in this mode`)
    .toHaveStatus(status);
  expect(answer.json, "…with the item").toEqual({ id, value });
  return answer.headers.get("etag") ?? "no ETag";
}

/** Puts `count` new items and gives their values by id. */
export async function putItems(
  lab: Lab,
  count: number,
): Promise<Map<string, string>> {
  const items = new Map<string, string>();
  while (items.size < count) items.set(freshId(lab), freshValue(lab));
  await lab.burst(count, async (index) => {
    const [id, value] = [...items][index]!;
    const answer = await lab.on(index).put(`/items/${id}`, { value });
    expect(answer, "PUT of an item answers 200").toHaveStatus(200);
    return answer;
  });
  return items;
}

/** Asserts that an answer is an item with this value. */
export function expectItem(
  answer: Answer,
  { id, value }: { readonly id: string; readonly value: string },
  rule: string,
): void {
  expect(answer, rule).toHaveStatus(200);
  expect(answer.json, rule).toEqual({ id, value });
}

/** GETs the item from every instance. */
export async function expectEverywhere(
  lab: Lab,
  item: { readonly id: string; readonly value: string },
  rule: string,
): Promise<void> {
  for (const instance of lab.instances) {
    expectItem(await instance.get(`/items/${item.id}`), item, rule);
  }
}
