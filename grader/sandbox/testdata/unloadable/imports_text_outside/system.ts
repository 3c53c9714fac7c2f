import accounts from "/etc/passwd" with { type: "text" };

export default () => ({ fetch: () => new Response(accounts) });
