export default () => ({
  async fetch() {
    const { payload } = await import(
      "https://example.com/payload.ts" as string
    );
    return new Response(payload);
  },
});
