export default () => ({
  async fetch() {
    const blank = new Uint8Array(64 * 1024).fill(10);
    while (await Promise.resolve(true)) Deno.stderr.writeSync(blank);
    return new Response();
  },
});
