import {
  after,
  afterEach,
  before,
  beforeEach,
  describe,
  it,
} from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type UnixClient, unixClient } from "../../sandbox/unix_client.ts";
import type { Upstream } from "./types.ts";
import { openUpstream } from "./upstream.ts";
import { RecordedTrace } from "./wire_fixture.ts";

describe("openUpstream()", () => {
  let dir: string;
  let bank: Upstream;
  let trace: RecordedTrace;
  let clients: Record<string, UnixClient>;
  before(async () => {
    dir = await Deno.makeTempDir({ prefix: "wire-" });
  });
  beforeEach(() => {
    trace = new RecordedTrace();
    const listenPaths = { A: `${dir}/a`, B: `${dir}/b` };
    bank = openUpstream("bank", { listenPaths, serverDir: dir, trace });
    clients = {
      A: unixClient(listenPaths.A),
      B: unixClient(listenPaths.B),
    };
  });
  afterEach(async () => {
    for (const client of Object.values(clients)) client[Symbol.dispose]();
    await bank.close();
  });
  after(() => Deno.remove(dir, { recursive: true }));

  function call(instance: string, path: string, init?: RequestInit) {
    return clients[instance]!.fetch(new Request(`http://bank${path}`, init));
  }

  it("lets the answer depend on the call", async () => {
    bank.script([], ({ body }) => ({ status: body === "5" ? 201 : 402 }));
    const pay = (body: string) =>
      call("A", "/charges", { method: "POST", body });
    expect((await pay("5")).status).toBe(201);
    expect((await pay("6")).status).toBe(402);
  });

  it("answers as scripted, then otherwise, and records who called", async () => {
    bank.script([
      { status: 201, body: { id: "c1" }, headers: { "x-bank": "yes" } },
      { status: 503 },
    ], { status: 200, body: "fine" });
    const first = await call("A", "/charges?x=1", {
      method: "POST",
      body: "5",
    });
    expect([first.status, first.headers.get("x-bank"), await first.json()])
      .toEqual([201, "yes", { id: "c1" }]);
    expect((await call("B", "/charges")).status).toBe(503);
    expect(await (await call("B", "/charges")).text()).toBe("fine");
    expect(bank.calls).toMatchObject([
      { instance: "A", method: "POST", path: "/charges?x=1", body: "5" },
      { instance: "B", method: "GET", path: "/charges", body: "" },
      { instance: "B" },
    ]);
    expect(bank.proxies.B!.counts())
      .toMatchObject({ messages: 2, byName: { "GET /charges": 2 } });
    expect(trace.rows.slice(0, 2)).toMatchObject([
      {
        kind: "upstream",
        instance: "A",
        text: "bank POST /charges?x=1",
        span: 1,
      },
      { kind: "upstream", instance: "A", text: "→ 201", span: 1 },
    ]);
  });

  it("holds answers until released, oldest first", async () => {
    bank.script([], { status: 200, hold: true });
    const order: number[] = [];
    const calls = [0, 1, 2].map(async (n) => {
      const response = call("A", `/${n}`);
      while (bank.held <= n && order.length === 0) await afterMs(1);
      await (await response).text();
      order.push(n);
    });
    while (bank.held < 3) await afterMs(1);
    const [oldest] = bank.calls;
    bank.release(1);
    while (order.length === 0) await afterMs(1);
    expect(oldest!.path).toBe(`/${order[0]}`);
    expect(bank.held).toBe(2);
    bank.release();
    await Promise.all(calls);
  });

  it("drops the reply of a call that it has accepted", async () => {
    bank.script([{ drop: true }]);
    await expect(call("A", "/charges", { method: "POST", body: "5" }))
      .rejects.toThrow();
    expect(bank.calls).toHaveLength(1);
    expect((await call("A", "/charges")).status).toBe(200);
    expect(trace.takeTexts()).toContain("→ reply dropped");
  });

  it("is cut from one instance and reached by the other", async () => {
    const fault = bank.proxies.A!.cut();
    await expect(call("A", "/")).rejects.toThrow();
    expect(fault.hits).toBe(1);
    expect((await call("B", "/")).status).toBe(200);
    fault.heal();
    expect((await call("A", "/")).status).toBe(200);
  });

  it("lets a call be held and swept like a store's message", async () => {
    const gate = bank.proxies.A!.holdNext(/^POST \/charges/);
    const charged = call("A", "/charges", { method: "POST", body: "5" });
    await gate.reached;
    expect(bank.calls).toHaveLength(0);
    bank.proxies.A!.onMessage = ({ side }) =>
      side === "after" ? "drop" : "pass";
    gate.release();
    await expect(charged).rejects.toThrow();
  });

  it("passes on chunked bodies of several megabytes", async () => {
    const text = "0123456789".repeat(300_000);
    bank.script([{ status: 200, body: text }]);
    const body = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 3; n++) {
          controller.enqueue(
            new TextEncoder().encode(text.slice(0, 1_000_000)),
          );
        }
        controller.close();
      },
    });
    const response = await call("A", "/", { method: "POST", body });
    expect((await response.text()).length).toBe(text.length);
    expect(bank.calls[0]!.body.length).toBe(3_000_000);
    expect(bank.proxies.A!.outstanding).toBe(0);
  });
});

function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
