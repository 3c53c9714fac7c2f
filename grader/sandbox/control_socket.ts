import type { GoMessage, HostMessage } from "./control_messages.ts";
import { messageLines, writeMessage } from "./message_lines.ts";

/** The parent's end of the channel to one host. */
export interface ControlSocket {
  /** Messages in the order of their coming, until the host is gone. */
  readonly messages: AsyncGenerator<HostMessage>;
  go(message: GoMessage): Promise<void>;
  /** Ends the wait for a host that will not come. What a host has sent can still be read. */
  hostIsGone(): void;
  close(): void;
}

/** Listens for exactly one host; afterwards nobody else can connect, the learner's code neither. */
export function listenForHost(path: string): ControlSocket {
  const listener = Deno.listen({ transport: "unix", path });
  const connection = acceptOne(listener, path);
  connection.catch(() => {}); // Closed before a host came; whoever waits for a message sees the end.
  return {
    messages: hostMessages(connection),
    async go(message) {
      await writeMessage(await connection, message);
    },
    hostIsGone() {
      closeQuietly(listener);
    },
    close() {
      closeQuietly(listener);
      connection.then(closeQuietly, () => {});
    },
  };
}

async function acceptOne(
  listener: Deno.UnixListener,
  path: string,
): Promise<Deno.UnixConn> {
  try {
    return await listener.accept();
  } finally {
    closeQuietly(listener);
    await Deno.remove(path).catch(() => {}); // The whole folder may be gone.
  }
}

async function* hostMessages(
  connection: Promise<Deno.UnixConn>,
): AsyncGenerator<HostMessage> {
  let stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  try {
    stream = (await connection).readable;
  } catch {
    return; // No host ever came.
  }
  for await (const message of messageLines(stream)) {
    if (isHostMessage(message)) yield message;
  }
}

function isHostMessage(value: unknown): value is HostMessage {
  const { kind, reason, message } = (value ?? {}) as Record<string, unknown>;
  if (kind === "ready" || kind === "listening") return true;
  return kind === "failed" && typeof message === "string" &&
    ["load_error", "forbidden", "memory", "crashed"].includes(String(reason));
}

function closeQuietly(resource: { close(): void }): void {
  try {
    resource.close();
  } catch {
    // Closed already: by the end of its stream, or by us.
  }
}
