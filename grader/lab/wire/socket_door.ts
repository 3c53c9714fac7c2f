import { checkSocketPath } from "../../stores/socket_path.ts";

/**
 * A listening unix socket that can be shut, so that connecting to it is refused, and opened again.
 *
 * Shutting puts a file that is no socket in its place. (Closing the listener would say "no such file" instead,
 * and Deno removes the path of a closed listener at some later time: that may hit the next one.) The files are
 * only ever renamed, since the folder may be writable for the learner's process and a rename follows no link.
 */
export class SocketDoor {
  readonly #path: string;
  readonly #listener: Deno.Listener;
  #isShut = false;

  constructor(path: string) {
    checkSocketPath(path);
    this.#path = path;
    removeAll(path);
    this.#listener = Deno.listen({ transport: "unix", path });
    Deno.writeTextFileSync(wallOf(path), "", { createNew: true });
    // The instance may run as another user; the folder says who gets here.
    for (const each of [path, wallOf(path)]) Deno.chmodSync(each, 0o666);
  }

  /** Those who come in, until `close`. */
  get visitors(): AsyncIterable<Deno.Conn> {
    return this.#listener;
  }

  shut(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    Deno.renameSync(this.#path, asideOf(this.#path));
    Deno.renameSync(wallOf(this.#path), this.#path);
  }

  open(): void {
    if (!this.#isShut) return;
    this.#isShut = false;
    Deno.renameSync(this.#path, wallOf(this.#path));
    Deno.renameSync(asideOf(this.#path), this.#path);
  }

  close(): void {
    this.#listener.close();
    removeAll(this.#path);
  }
}

function wallOf(path: string): string {
  return `${path}!`;
}

function asideOf(path: string): string {
  return `${path}~`;
}

function removeAll(path: string): void {
  for (const each of [path, wallOf(path), asideOf(path)]) {
    try {
      Deno.removeSync(each);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
