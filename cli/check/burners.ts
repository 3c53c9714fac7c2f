/** Keeps `count` cores busy until disposed: right solutions must pass on a machine that has other things to do. */
export function startBurners(count: number): Disposable {
  const endless = URL.createObjectURL(
    new Blob(["while (true);"], { type: "text/javascript" }),
  );
  const burners = Array.from(
    { length: count },
    () => new Worker(endless, { type: "module" }),
  );
  return {
    [Symbol.dispose]: () => {
      for (const burner of burners) burner.terminate();
      URL.revokeObjectURL(endless);
    },
  };
}
