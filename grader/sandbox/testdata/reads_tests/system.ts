export default () => ({
  async fetch() {
    const tests = new URL("../../attacks_test.ts", import.meta.url);
    return new Response(await Deno.readTextFile(tests));
  },
});
