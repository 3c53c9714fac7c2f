export default () => ({
  async fetch() {
    const url = "data:text/javascript,setInterval(() => {}, 1000)";
    const workers = [];
    for (let i = 0; i < 400; i++) {
      workers.push(new Worker(url, { type: "module" }));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return new Response(`${workers.length} workers`);
  },
});
