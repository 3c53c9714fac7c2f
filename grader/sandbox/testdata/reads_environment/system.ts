import process from "node:process";

export default () => ({
  fetch() {
    return Response.json({ ...Deno.env.toObject(), ...process.env });
  },
});
