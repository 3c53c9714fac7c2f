export default () => ({
  fetch: () => new Response("up"),
  stop: () => new Promise<void>(() => {}),
});
