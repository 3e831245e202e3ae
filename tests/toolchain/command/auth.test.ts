import { authMethods, Login } from "../../../toolchain/command/auth";
import { readCommand } from "../../../toolchain/command/command";

const AGENT = process.env.SSH_AUTH_SOCK;
afterEach(() => {
  if (AGENT === undefined) delete process.env.SSH_AUTH_SOCK;
  else process.env.SSH_AUTH_SOCK = AGENT;
});

function methods(connection: Record<string, string>, agent = "") {
  process.env.SSH_AUTH_SOCK = agent;
  const command = readCommand({ connection: { host: "h", user: "u", ...connection } }, {});
  return authMethods(command.connection);
}

test("a password is offered directly and as the answer to every question", () => {
  const offered = methods({ password: "p" });
  expect(offered.map(({ type }) => type)).toEqual(["none", "password", "keyboard-interactive"]);
  const interactive = offered[2];
  if (interactive?.type !== "keyboard-interactive") throw new Error("not interactive");
  const finish = jest.fn();
  interactive.prompt("", "", "", [{ prompt: "Password:" }, { prompt: "Again:" }], finish);
  expect(finish).toHaveBeenCalledWith(["p", "p"]);
});

test("an agent is asked where the connection or the environment names one", () => {
  expect(methods({ agentSocketPath: "/a" }, "/b")[1]).toMatchObject({ type: "agent", agent: "/a" });
  expect(methods({}, "/b")[1]).toMatchObject({ type: "agent", agent: "/b" });
  expect(methods({})).toHaveLength(1);
});

test("an unreadable private key is refused before anything is dialled", () => {
  expect(() => methods({ privateKey: "x" })).toThrow("connection.privateKey cannot be read");
});

test("only methods that the server accepts are tried, and the record tells both", () => {
  const login = new Login(methods({ password: "p" }, "/agent"));
  expect(login.next(null)).toMatchObject({ type: "none" });
  expect(login.next(["publickey", "hostbased"])).toMatchObject({ type: "agent" });
  expect(login.next(["publickey"])).toBe(false);
  expect(String(login)).toBe("it accepts publickey; tried agent");
});

test("the record says so where nothing could be tried", () => {
  const login = new Login(methods({ password: "p" }));
  login.next(null);
  expect(login.next(["publickey"])).toBe(false);
  expect(String(login)).toBe("it accepts publickey; tried nothing");
});
