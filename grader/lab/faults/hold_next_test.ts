import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";

describe("lab.holdNext() on the way to a peer", () => {
  const labs = useLabs();

  it("holds one request of one instance, and nobody else's", async () => {
    const options = {
      instances: 2,
      databases: "private",
      without: ["redis"],
      config: { copies: true },
    } as const;
    await labs.use("notes", options, async (lab) => {
      const [a, b] = [lab.on(0), lab.on(1)];
      using gate = lab.holdNext(a, { peer: "B" }, /^PUT/);
      const put = a.put("/from-a");
      await gate.reached;
      await b.put("/from-b");
      expect((await a.get("/")).json).toEqual(["from-a", "from-b"]);
      expect((await b.get("/")).json).toEqual(["from-b"]);
      gate.release();
      await put;
      expect((await b.get("/")).json).toEqual(["from-a", "from-b"]);
    });
  });
});
