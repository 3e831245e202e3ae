import { Agent, request } from "node:https";
import { gunzipSync } from "node:zlib";

/** An API to ask, and its certificate. */
export interface Target {
  url: string;
  ca: string;
  username: string;
  password: string;
}

const CONNECTIONS = 8;

/**
 * How many answers a second `path` gives to a few clients at once; which take gzip as
 * Go's and browsers' do. The answer must list `guests` guests at least.
 */
export async function requestsPerSecond(
  target: Target,
  path: string,
  guests: number,
  seconds: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, ca: target.ca });
  try {
    const cookie = `PVEAuthCookie=${await login(agent, target)}`;
    const headers = { cookie, "accept-encoding": "gzip" };
    const ask = () => send(agent, new URL(path, target.url), "GET", headers);
    const { data } = JSON.parse(textOf(await ask())) as { data: { type: string }[] };
    const listed = data.filter(({ type }) => type === "qemu").length;
    if (listed < guests) throw new Error(`${target.url} lists ${listed} guests, not ${guests}`);
    let answered = 0;
    const end = performance.now() + seconds * 1000;
    const client = async (): Promise<void> => {
      while (performance.now() < end) {
        await ask();
        answered++;
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
    return (answered * 1000) / (performance.now() - started);
  } finally {
    agent.destroy();
  }
}

async function login(agent: Agent, { url, username, password }: Target): Promise<string> {
  const form = new URLSearchParams({ username, password }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send(agent, new URL("/api2/json/access/ticket", url), "POST", headers, form);
  return (JSON.parse(textOf(answer)) as { data: { ticket: string } }).data.ticket;
}

interface Answer {
  body: Buffer;
  packed: string | undefined;
}

function textOf({ body, packed }: Answer): string {
  return (packed === "gzip" ? gunzipSync(body) : body).toString("utf8");
}

function send(
  agent: Agent,
  url: URL,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const received = {
          body: Buffer.concat(chunks),
          packed: answer.headers["content-encoding"],
        };
        if (answer.statusCode === 200) resolve(received);
        else reject(new Error(`${method} ${url.href}: ${answer.statusCode} ${textOf(received)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
