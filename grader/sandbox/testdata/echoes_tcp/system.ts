export default () => ({
  fetch: () => new Response("http"),
  async tcp(connection: Deno.Conn) {
    await connection.readable.pipeTo(connection.writable);
  },
});
