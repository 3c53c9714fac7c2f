import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type StartLock, takeStartLock } from "./start_lock.ts";

describe("takeStartLock()", () => {
  it("lets one in and tells the others who it is", async () => {
    await using folder = await openFolder();
    using _lock = held(await takeStartLock(folder.path));
    using other = await takeStartLock(folder.path);
    expect(other).toMatchObject({ status: "taken", pid: Deno.pid });
  });

  it("lets in the next one after the first has gone", async () => {
    await using folder = await openFolder();
    held(await takeStartLock(folder.path))[Symbol.dispose]();
    using _lock = held(await takeStartLock(folder.path));
  });

  it("lets in the next one after the first was killed", async () => {
    await using folder = await openFolder();
    await using taker = spawnTaker(folder.path);
    expect(await taker.status).toBe("held");
    using early = await takeStartLock(folder.path);
    expect(early.status).toBe("taken");
    taker.child.kill("SIGKILL");
    await taker.child.status;
    using _lock = held(await takeStartLock(folder.path));
  });

  it("lets in exactly one of many at once", async () => {
    await using folder = await openFolder();
    await using first = spawnTaker(folder.path);
    await using second = spawnTaker(folder.path);
    await using third = spawnTaker(folder.path);
    const statuses = [first, second, third].map(({ status }) => status);
    expect((await Promise.all(statuses)).sort()).toEqual([
      "held",
      "taken",
      "taken",
    ]);
  });
});

function held(lock: StartLock) {
  if (lock.status === "held") return lock;
  throw new Error(`The lock is taken by process ${lock.pid}`);
}

async function openFolder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Tries from a process of its own, which keeps what it got until it is closed. */
function spawnTaker(folder: string) {
  const module = new URL("./start_lock.ts", import.meta.url).href;
  const program = `
    const { takeStartLock } = await import(${JSON.stringify(module)});
    const lock = await takeStartLock(${JSON.stringify(folder)});
    console.log(lock.status);
    for await (const _ of Deno.stdin.readable);
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  return {
    child,
    status: firstLine(child.stdout),
    async [Symbol.asyncDispose]() {
      await child.stdin.close().catch(() => {}); // It may have been killed.
      await child.status;
    },
  };
}

async function firstLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text.trim();
}
