import type { JudgeMessage } from "../../grade_types.ts";

/** The line of a judge process to the grader that started it. */
export interface JudgeChannel {
  say(message: JudgeMessage): Promise<void>;
  /** Resolves when the checks may run. */
  readonly go: Promise<void>;
  /** Resolves when the grader has hung up: nobody wants the verdict any more. */
  readonly hungUp: Promise<void>;
  close(): void;
}

export async function openJudgeChannel(path: string): Promise<JudgeChannel> {
  const connection = await Deno.connect({ transport: "unix", path });
  const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
  return {
    go,
    hungUp: readLines(connection, (line) => line === "go" && letGo()),
    async say(message) {
      let bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
      while (bytes.length > 0) {
        bytes = bytes.subarray(await connection.write(bytes));
      }
    },
    close: () => connection.close(),
  };
}

async function readLines(
  connection: Deno.Conn,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = "";
  const bytes = new Uint8Array(64);
  try {
    while (true) {
      const length = await connection.read(bytes);
      if (length === null) return;
      const lines = (rest + new TextDecoder().decode(bytes.subarray(0, length)))
        .split("\n");
      rest = lines.pop()!;
      lines.forEach(onLine);
    }
  } catch {
    return; // Reset, or closed by us.
  }
}
