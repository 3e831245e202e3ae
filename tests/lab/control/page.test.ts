import { Hono } from "hono";
import { ownNamesOnly } from "../../../lab/control/page";

const app = new Hono();
app.use(ownNamesOnly);
app.get("/", (context) => context.text("the page"));

const ask = (host: string): Promise<Response> =>
  Promise.resolve(app.request("http://127.0.0.1/", { headers: { host } }));

describe("the control interface", () => {
  it.each(["127.0.0.1:20123", "localhost:20123", "127.0.0.1"])("answers to %s", async (host) => {
    expect((await ask(host)).status).toBe(200);
  });

  it.each(["lab.example.org", "127.0.0.1.example.org", "localhost.evil:80", "192.168.18.251"])(
    "does not answer to %s, a name that somebody else may have made",
    async (host) => {
      const answer = await ask(host);
      expect(answer.status).toBe(403);
      expect(await answer.json()).toEqual({
        message: "the lab is at 127.0.0.1 and localhost, and nowhere else",
      });
    },
  );
});
