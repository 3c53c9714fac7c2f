import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startTestCluster, type TestCluster } from "../testing/test_cluster.ts";
import { connect } from "./connect.ts";

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
});
