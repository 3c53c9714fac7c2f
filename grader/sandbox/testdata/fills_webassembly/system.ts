export default () => ({
  async fetch() {
    const kept: WebAssembly.Memory[] = [];
    while (kept.length < 100) {
      // 2,048 pages of 64 KB: 128 MB each.
      kept.push(new WebAssembly.Memory({ initial: 2_048, maximum: 2_048 }));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return new Response(`${kept.length} memories`);
  },
});
