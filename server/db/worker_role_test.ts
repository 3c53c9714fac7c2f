import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startTestCluster, type TestCluster } from "../testing/test_cluster.ts";
import { connect } from "./connect.ts";
import { prepareWorkerRole } from "./worker_role.ts";

describe("the workers' role", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

  const FORBIDDEN = [
    "SELECT * FROM trestle.person",
    "SELECT * FROM trestle.access_token",
    "SELECT files FROM trestle.bundle",
    "UPDATE trestle.submission SET verdict = 'passed'",
    "SELECT trestle.enqueue(gen_random_uuid())",
    "SELECT graphile_worker.add_job('grade', '{}')",
  ];
  for (const statement of FORBIDDEN) {
    it(`may not ${statement}`, async () => {
      await using database = await cluster.createDatabase();
      const sql = connect(database.workerAddress);
      await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied/);
      await sql.end();
    });
  }

  it("takes a password with any characters in it", async () => {
    await using database = await cluster.createDatabase();
    const sql = connect(database.address);
    const password = "it's \\ 100%";
    const role = await prepareWorkerRole(sql, database.address, password);
    await sql.end();
    expect(role).toMatchObject({ status: "ready", address: { password } });
    const worker = connect({ ...database.workerAddress, password });
    expect(await worker`SELECT current_user AS name`).toEqual([
      { name: "trestle_worker" },
    ]);
    await worker.end();
  });
});
