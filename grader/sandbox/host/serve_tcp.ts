import type { System } from "@contract/system.ts";

export interface TcpServer {
  /** Stops accepting, then waits for the connections under way. */
  shutdown(): Promise<void>;
}

/** Gives each accepted connection to `tcp`, which owns it until it resolves. */
export function serveTcp({ socket, tcp, onError }: {
  readonly socket: string;
  readonly tcp: NonNullable<System["tcp"]>;
  readonly onError: (error: unknown) => void;
}): TcpServer {
  const listener = Deno.listen({ transport: "unix", path: socket });
  const owned = new Set<Promise<void>>();
  async function own(connection: Deno.Conn): Promise<void> {
    try {
      await tcp(connection);
    } catch (error) {
      onError(error);
    } finally {
      closeIfOpen(connection);
    }
  }
  async function accept(): Promise<void> {
    for await (const connection of listener) {
      const done = own(connection).finally(() => owned.delete(done));
      owned.add(done);
    }
  }
  const accepting = accept();
  return {
    async shutdown() {
      listener.close();
      await accepting;
      await Promise.all(owned);
    },
  };
}

function closeIfOpen(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The learner's code closed it.
  }
}
