await new Promise((resolve) => setTimeout(resolve, 1e9));
export default () => ({ fetch: () => new Response() });
