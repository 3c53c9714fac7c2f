export default () => ({
  async fetch() {
    const isMatch = /^(a+)+$/.test("a".repeat(50) + "!");
    return await Promise.resolve(new Response(String(isMatch)));
  },
});
