export default () => ({
  async fetch() {
    await Deno.writeTextFile(new URL(import.meta.url), "");
    return new Response("written");
  },
});
