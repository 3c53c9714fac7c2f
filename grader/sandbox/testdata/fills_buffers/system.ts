export default () => ({
  async fetch() {
    const kept: Uint8Array[] = [];
    while (kept.length < 1e4) {
      kept.push(new Uint8Array(16 * 1024 * 1024));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return new Response(String(kept.length));
  },
});
