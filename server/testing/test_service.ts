import type { Sql } from "postgres";
import type { SubmissionDetail, SubmissionView } from "@contract/api.ts";
import type { SubmissionFiles } from "@contract/submission.ts";
import { ensureOwner } from "../access/person.ts";
import { issueToken } from "../access/tokens.ts";
import { buildApp } from "../app.ts";
import { readCatalog } from "../catalog.ts";
import { connect } from "../db/connect.ts";
import { EventHub } from "../submissions/event_hub.ts";
import type { TestCluster, TestDatabase } from "./test_cluster.ts";

const TESTDATA = new URL("./testdata/", import.meta.url).pathname;

/** The only workshop of the test data: two stages of one check each. */
export const WORKSHOP = "91-echo";

/** The app over a database of its own. Nothing listens: requests are handed to it. */
export interface TestService extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly sql: Sql;
  readonly hub: EventHub;
  /** The owner's bearer token. */
  readonly token: string;
  /** Sends a request as it is; `path` may be a whole URL. */
  send(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request of the owner's; a body is sent as JSON. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  submit(
    files?: SubmissionFiles,
    headers?: Record<string, string>,
  ): Promise<SubmissionView>;
  read(id: string): Promise<SubmissionDetail>;
  /** Adds a learner; gives a bearer token. */
  signUp(name: string): Promise<string>;
  /** The errors so far were wanted; others fail the test when the service is closed. */
  forgiveErrors(): void;
}

export async function openTestService(
  cluster: TestCluster,
): Promise<TestService> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await cluster.createDatabase());
  const sql = connect(database.address, { max: 4 });
  opened.defer(() => sql.end({ timeout: 1 }));
  const hub = opened.use(await EventHub.start(sql));
  const stopping = new AbortController();
  opened.defer(() => stopping.abort());
  const errors: unknown[] = [];
  const app = buildApp({
    sql,
    hub,
    catalog: await readCatalog(TESTDATA, () => {}),
    log: (level, event, fields) => {
      if (level === "error") errors.push({ event, ...fields });
    },
    pageDir: `${TESTDATA}page`,
    stopping: stopping.signal,
  });
  opened.defer(() => {
    if (errors.length > 0) throw new AggregateError(errors, "The app failed");
  });
  const owner = await ensureOwner(sql);
  const token = await issueToken(sql, owner.id, "cli");
  const send = async (path: string, init?: RequestInit) =>
    await app.request(new URL(path, "http://127.0.0.1").href, init);
  const kept = opened.move();
  return {
    database,
    sql,
    hub,
    token,
    send,
    call: (method, path, body) =>
      send(path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    async submit(files = { "system.ts": "export default 1" }, headers = {}) {
      const answer = await send("/api/submissions", {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...headers,
        },
        body: JSON.stringify({ workshop: WORKSHOP, files }),
      });
      if (answer.status !== 202) throw new Error(await answer.text());
      return await answer.json();
    },
    async read(id) {
      const answer = await send(`/api/submissions/${id}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return await answer.json();
    },
    async signUp(name) {
      const [person] = await sql<{ id: string }[]>`
        INSERT INTO trestle.person (name, role) VALUES (${name}, 'learner') RETURNING id`;
      return await issueToken(sql, person!.id, "cli");
    },
    forgiveErrors: () => void errors.splice(0),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
