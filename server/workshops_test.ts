import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startTestCluster, type TestCluster } from "./testing/test_cluster.ts";
import { openTestService, type TestService } from "./testing/test_service.ts";

describe("workshops", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

  it("lists each with what I have reached", async () => {
    await using service = await openTestService(cluster);
    await pass(service, 1);
    const answer = await service.call("GET", "/api/workshops");
    const { workshops } = await answer.json();
    expect(workshops).toHaveLength(1);
    expect(workshops[0].stages).toEqual([
      {
        number: 1,
        title: "Once",
        status: "passed",
        passedAt: expect.any(String),
      },
      { number: 2, title: "Twice", status: "open" },
    ]);
  });

  it("shows the debrief only once every stage is passed", async () => {
    await using service = await openTestService(cluster);
    await pass(service, 1);
    const early = await service.call("GET", "/api/workshops/91-echo");
    await pass(service, 2);
    const late = await service.call("GET", "/api/workshops/91-echo");
    expect(await early.json()).not.toHaveProperty("debrief");
    expect(await late.json()).toMatchObject({
      brief: expect.stringContaining("# Echo"),
      debrief: "An echo is idempotent.\n",
    });
  });

  it("opens hints one level at a time, for me alone", async () => {
    await using service = await openTestService(cluster);
    const path = "/api/workshops/91-echo/hints/1";
    const read = async (method: string) =>
      (await (await service.call(method, path)).json()).unlocked.length;
    expect(await read("GET")).toBe(0);
    const counts = [];
    for (let i = 0; i < 4; i++) counts.push(await read("POST"));
    expect(counts).toEqual([1, 2, 3, 3]);

    const other = await service.signUp("Other");
    const answer = await service.send(path, {
      headers: { authorization: `Bearer ${other}` },
    });
    expect((await answer.json()).unlocked).toEqual([]);
  });

  const UNKNOWN = [
    ["/api/workshops/99-none", 404],
    ["/api/workshops/..%2F..%2Fetc", 404],
    ["/api/workshops/91-echo/hints/3", 404],
    ["/api/workshops/91-echo/hints/0", 422],
    ["/api/workshops/91-echo/hints/1e9", 422],
  ] as const;
  for (const [path, status] of UNKNOWN) {
    it(`answers ${status} for ${path}`, async () => {
      await using service = await openTestService(cluster);
      expect((await service.call("GET", path)).status).toBe(status);
    });
  }
});

async function pass({ sql }: TestService, stage: number): Promise<void> {
  await sql`
    INSERT INTO trestle.stage_progress (person_id, workshop, stage, status, passed_at)
    SELECT id, '91-echo', ${stage}, 'passed', now() FROM trestle.person WHERE role = 'owner'`;
}
