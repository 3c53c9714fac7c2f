const limits = await fetch("http://example.com/limits");

export default () => ({ fetch: () => limits });
