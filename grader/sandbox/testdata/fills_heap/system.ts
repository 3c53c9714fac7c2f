export default () => ({
  async fetch() {
    const kept: unknown[] = [];
    while (await Promise.resolve(true)) kept.push(new Array(1e5).fill({}));
    return new Response(String(kept.length));
  },
});
