/** While it lasts nothing passes, either way; what has come meanwhile passes then, in its order. */
export class Standstill {
  #isOver: PromiseWithResolvers<void> | undefined;

  begin(): Disposable {
    const isOver = Promise.withResolvers<void>();
    this.#isOver = isOver;
    return {
      [Symbol.dispose]: () => {
        if (this.#isOver === isOver) this.#isOver = undefined;
        isOver.resolve();
      },
    };
  }

  /** Resolves once nothing stands still. */
  async over(): Promise<void> {
    while (this.#isOver) await this.#isOver.promise;
  }
}
