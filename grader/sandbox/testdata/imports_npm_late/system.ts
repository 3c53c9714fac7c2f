export default () => ({
  async fetch() {
    const { default: leftPad } = await import("npm:left-pad@1.3.0" as string);
    return new Response(leftPad("1", 3));
  },
});
