/** A kit folder as on a machine where nothing was ever started; the former one is back at the end of the scope. */
export async function temporaryKitFolder() {
  const path = await Deno.makeTempDir();
  await Deno.chmod(path, 0o711); // The stores' account has to get in.
  const before = Deno.env.get("TRESTLE_DIR");
  Deno.env.set("TRESTLE_DIR", path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (before === undefined) Deno.env.delete("TRESTLE_DIR");
      else Deno.env.set("TRESTLE_DIR", before);
      await Deno.remove(path, { recursive: true });
    },
  };
}
