/**
 * The process that hosts one instance. It starts ahead of its use, waits for "go", and only then becomes an
 * instance: clock, stores, `system.ts`, sockets. Everything that it exports or answers is untrusted: from "go" on
 * the learner's code lives in the same process.
 *
 * Arguments: control socket, submission folder as a file URL with a slash at its end, data folder, and "redis" for
 * an instance that has one.
 *
 * @module
 */
// Imported ahead for the learner's code: parsing it now keeps it off the way from "go" to listening.
import "hono";
import type { GoMessage, HostMessage } from "../control_messages.ts";
import { messageLines, writeMessage } from "../message_lines.ts";
import { type Failure, failureOf } from "./failure.ts";
import { startInstance } from "./start_instance.ts";

// Kept before the learner's code can replace it.
const exit = Deno.exit.bind(Deno);

const [controlSocket, submissionUrl, dataDir, redis] = Deno.args as [
  string,
  string,
  string,
  "redis" | undefined,
];

// Started without arguments to fill a code cache: once all imports are done, that is it.
const fillsCache = controlSocket === undefined;
// The largest import of all: only an instance that has a Redis waits for it.
if (redis || fillsCache) await import("./redis_client.ts");
if (fillsCache) exit(0);
const control = await Deno.connect({ transport: "unix", path: controlSocket });
const messages = messageLines(control.readable);
await tell({ kind: "ready" });
const go = (await messages.next()).value as GoMessage | undefined;
if (go === undefined) exit(0);
void endWithParent();
catchStrayErrors();
const outcome = await startInstance(go!.init, {
  submissionUrl,
  dataDir,
  onFailure: endWith,
  exit,
});
if (outcome === "listening") await tell({ kind: "listening" });
else await endWith(outcome);

async function tell(message: HostMessage): Promise<void> {
  await writeMessage(control, message);
}

/** The process ends for this reason and no other. */
async function endWith(failure: Failure): Promise<never> {
  await tell({ kind: "failed", ...failure }).catch(() => {}); // The parent may be gone.
  return exit(1);
}

/** The parent never writes again: all that can come is the end of the socket, also when it was killed. */
async function endWithParent(): Promise<void> {
  await messages.next();
  exit(0);
}

function catchStrayErrors(): void {
  const end = (error: unknown) =>
    void endWith(failureOf(error, {
      reason: "crashed",
      doing: "An error that nothing caught ended the process",
      submissionUrl,
    }));
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    end(event.reason);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    end(event.error);
  });
}
