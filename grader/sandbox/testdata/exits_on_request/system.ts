import process from "node:process";

export default () => ({ fetch: () => process.exit(0) });
