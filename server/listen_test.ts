import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { listen } from "./listen.ts";

const answer = () => new Response("here");

describe("listen()", () => {
  it("takes the wanted port, on the loopback interface alone", async () => {
    const port = freePort();
    await using server = listen(answer, { port, log: () => {} });
    expect(server.addr).toMatchObject({ hostname: "127.0.0.1", port });
  });

  it("takes the next one that is free, and says so", async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const said: unknown[] = [];
    await using server = listen(answer, {
      port,
      log: (_level, event, fields) => said.push([event, fields]),
    });
    expect(server.addr.port).toBeGreaterThan(port);
    expect(said).toEqual([
      ["port_taken", { wanted: port, taken: server.addr.port }],
    ]);
  });

  it("never asks for a port past the last", async () => {
    using _taken = tryListen(65_535);
    await using server = listen(answer, { port: 65_535, log: () => {} });
    expect(server.addr.port).not.toBe(65_535);
  });
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Somebody else may have it: taken all the same. */
function tryListen(port: number): Disposable {
  try {
    return Deno.listen({ hostname: "127.0.0.1", port });
  } catch {
    return { [Symbol.dispose]() {} };
  }
}
