import { onSignal } from "../../../ops/review/signals";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const listening = (): number[] => SIGNALS.map((signal) => process.listenerCount(signal));

describe("an interrupted review", () => {
  it.each(SIGNALS)("acts on %s, once", (signal) => {
    const before = listening();
    let acted = 0;
    const forget = onSignal(() => void (acted += 1));
    process.emit(signal);
    expect(acted).toBe(1);
    forget();
    expect(listening()).toEqual(before);
  });

  it("does nothing any more when it is done", () => {
    const before = listening();
    const forget = onSignal(() => undefined);
    expect(listening()).toEqual(before.map((count) => count + 1));
    forget();
    expect(listening()).toEqual(before);
  });
});
