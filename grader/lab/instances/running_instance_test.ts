import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";

describe("an instance", () => {
  const labs = useLabs();

  it("is killed and restarted, alone", async () => {
    await labs.use("echo", { instances: 2 }, async (lab) => {
      const [a, b] = [lab.on(0), lab.on(1)];
      await a.kill();
      expect([a.isRunning, b.isRunning]).toEqual([false, true]);
      const lost = await a.get("/name");
      expect([lost.status, lost.outcome, lost.reason])
        .toEqual([0, "fail", "nobody listens"]);
      expect((await b.get("/name")).text).toBe("B");
      await a.restart();
      expect((await a.get("/name")).text).toBe("A");
    });
  });

  it("leaves requests under way unanswered when it is killed", async () => {
    const options = { config: { how: "hang" } };
    await labs.use("misdeeds", options, async (lab) => {
      const answers = lab.burst(20, () => lab.get("/"));
      await lab.eventually(() =>
        expect(lab.trace.filter(({ kind }) => kind === "request"))
          .toHaveLength(20)
      );
      await lab.on(0).kill();
      const outcomes = new Set((await answers).map(({ outcome }) => outcome));
      expect(outcomes).toContain("maybe");
      expect(outcomes).not.toContain("ok");
    });
  });

  it("stops when asked to", async () => {
    await labs.use("echo", {}, async (lab) => {
      await lab.on(0).stop();
      expect(lab.on(0).isRunning).toBe(false);
      expect(lab.trace.at(-1)).toMatchObject({
        kind: "process",
        text: "stopped",
      });
    });
  });

  it("answers nothing while frozen, and all of it after", async () => {
    await labs.use("echo", {}, async (lab) => {
      await lab.on(0).freeze();
      const late = lab.get("/name");
      const lost = await lab.get("/name", { timeoutMs: 200 });
      expect(lost.outcome).toBe("maybe");
      lab.on(0).resume();
      expect((await late).text).toBe("A");
    });
  });

  it("speaks WebSocket and TCP", async () => {
    await labs.use("echo", {}, async (lab) => {
      const socket = await lab.on(0).webSocket("/ws");
      const { promise, resolve } = Promise.withResolvers<string>();
      socket.onmessage = ({ data }) => resolve(data);
      socket.send("hello");
      expect(await promise).toBe("hello");

      const connection = await lab.on(0).connect();
      await connection.write(new TextEncoder().encode("ping"));
      const buffer = new Uint8Array(16);
      const length = await connection.read(buffer);
      expect(new TextDecoder().decode(buffer.subarray(0, length!)))
        .toBe("ping");
    });
  });

  it("says how much memory it takes", async () => {
    await labs.use("echo", {}, async (lab) => {
      expect(await lab.on(0).memoryBytes()).toBeGreaterThan(10_000_000);
    });
  });
});
