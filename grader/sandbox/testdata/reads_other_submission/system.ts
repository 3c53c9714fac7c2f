export default () => ({
  async fetch() {
    const other = new URL("../well_behaved/system.ts", import.meta.url);
    return new Response(await Deno.readTextFile(other));
  },
});
