import { equal, notEqual } from "@std/assert";
import { it } from "@std/testing/bdd";
import { signWebhook } from "./sign_webhook.ts";

/** From the documentation of the standard's own libraries. */
const EXAMPLE = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timeMs: 1_614_265_330_000,
  body: '{"test": 2432232314}',
};

it("signWebhook() gives the signature of the standard's example", async () => {
  const headers = await signWebhook(EXAMPLE);
  equal(headers["webhook-id"], EXAMPLE.id);
  equal(headers["webhook-timestamp"], "1614265330");
  equal(
    headers["webhook-signature"],
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

it("signWebhook() signs the body byte by byte", async () => {
  const other = await signWebhook({ ...EXAMPLE, body: '{"test":2432232314}' });
  const headers = await signWebhook(EXAMPLE);
  notEqual(other["webhook-signature"], headers["webhook-signature"]);
});
