import leftPad from "npm:left-pad@1.3.0";

export default () => ({ fetch: () => new Response(leftPad("1", 3)) });
