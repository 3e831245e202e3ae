import { Lines } from "../../../toolchain/command/lines";

function linesOf(...chunks: (string | Buffer)[]): string[] {
  const seen: string[] = [];
  const lines = new Lines((line) => seen.push(line));
  for (const chunk of chunks) lines.add(Buffer.from(chunk));
  lines.end();
  return seen;
}

test("hands out a line once it is complete", () => {
  const seen: string[] = [];
  const lines = new Lines((line) => seen.push(line));
  lines.add(Buffer.from("one\ntw"));
  expect(seen).toEqual(["one"]);
  lines.add(Buffer.from("o\n"));
  expect(seen).toEqual(["one", "two"]);
});

test("keeps empty lines and drops carriage returns at the end", () => {
  expect(linesOf("a\r\n\nb\r")).toEqual(["a", "", "b"]);
});

test("joins characters that arrive in pieces", () => {
  const snowman = Buffer.from("☃");
  expect(linesOf(snowman.subarray(0, 1), snowman.subarray(1), "\n")).toEqual(["☃"]);
});

test("hands out the rest at the end, and nothing where there is none", () => {
  expect(linesOf("a\nrest")).toEqual(["a", "rest"]);
  expect(linesOf("a\n")).toEqual(["a"]);
  expect(linesOf()).toEqual([]);
});
