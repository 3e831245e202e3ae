import fc from "fast-check";
import { sleep, VirtualClock } from "../../../lab/seams/clock";
import { EndingClock } from "../../../lab/seams/endingClock";
import { ScaledClock } from "../../../lab/seams/scaledClock";

const START = 1_000_000;

/** A lab's clock over a machine's that the test moves. */
function clocks(): { real: VirtualClock; clock: ScaledClock } {
  const real = new VirtualClock(START);
  return { real, clock: new ScaledClock(real) };
}

describe("a lab's clock", () => {
  it("goes with the machine's at first", async () => {
    const { real, clock } = clocks();
    const action = jest.fn();
    clock.after(5_000, action);
    await real.advance(4_999);
    expect([clock.now() - START, action.mock.calls.length]).toEqual([4_999, 0]);
    await real.advance(1);
    expect([clock.now() - START, action.mock.calls.length]).toEqual([5_000, 1]);
  });

  it("goes faster and slower from the moment on in which its speed is set", async () => {
    const { real, clock } = clocks();
    const seen: [string, number][] = [];
    clock.after(10_000, () => seen.push(["timer", real.now() - START]));
    await real.advance(1_000);
    clock.setSpeed(9);
    await real.advance(500);
    expect(clock.now() - START).toBe(5_500);
    await real.advance(500);
    clock.setSpeed(0.5);
    await real.advance(1_000);
    expect(seen).toEqual([["timer", 2_000]]);
    expect(clock.now() - START).toBe(10_500);
  });

  it("stands still at speed 0, timers with it, until it is moved", async () => {
    const { real, clock } = clocks();
    const action = jest.fn();
    clock.after(60_000, action);
    clock.setSpeed(0);
    await real.advance(3_600_000);
    expect([clock.now(), action.mock.calls.length]).toEqual([START, 0]);
    await clock.advance(60_000);
    expect([clock.now(), action.mock.calls.length]).toEqual([START + 60_000, 1]);
  });

  it("runs every timer of a jump at its own time and in order, with those that they set", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 15 }),
        async (pairs) => {
          const { clock } = clocks();
          const seen: number[] = [];
          for (const [first, second] of pairs) {
            clock.after(first, () => {
              seen.push(clock.now() - START);
              clock.after(second, () => seen.push(clock.now() - START));
            });
          }
          await clock.advance(2000);
          const due = pairs.flatMap(([first, second]) => [first, first + second]);
          expect(seen).toEqual(due.sort((a, b) => a - b));
          expect(clock.now() - START).toBe(2000);
        },
      ),
    );
  });

  it("never passes a timer that has not run, however busy the machine is", () => {
    const { clock } = clocks();
    clock.after(1_000, () => undefined);
    clock.setSpeed(1e6);
    // The machine's clock went on, but nothing of the lab has had its turn.
    jest.spyOn(VirtualClock.prototype, "now").mockReturnValue(START + 60_000);
    expect(clock.now()).toBe(START + 1_000);
    jest.restoreAllMocks();
  });

  it("never goes backwards, even if the machine's does", () => {
    let time = START;
    const clock = new ScaledClock({ now: () => time, after: () => () => undefined });
    time += 5_000;
    expect(clock.now()).toBe(START + 5_000);
    time -= 3_600_000;
    expect(clock.now()).toBe(START + 5_000);
    expect(new ScaledClock({ now: () => time, after: jest.fn() }, clock.save()).now()).toBe(
      START + 5_000,
    );
  });

  it("does not run what was cancelled, and waits as long as nothing is due", async () => {
    const { real, clock } = clocks();
    const action = jest.fn();
    const cancel = clock.after(10, action);
    clock.after(20, () => undefined);
    cancel();
    await real.advance(100);
    expect(action).not.toHaveBeenCalled();
    expect(clock.now() - START).toBe(100);
  });

  it("asks nothing of the machine when there is no timer left", () => {
    const cancel = jest.fn();
    const clock = new ScaledClock({ now: () => START, after: () => cancel });
    clock.after(10, () => undefined)();
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it("waits months for a timer, which Node's own cannot", async () => {
    const { real, clock } = clocks();
    const action = jest.fn();
    const waits = jest.spyOn(real, "after");
    clock.after(90 * 86_400_000, action);
    await real.advance(89 * 86_400_000);
    expect(action).not.toHaveBeenCalled();
    await real.advance(86_400_000);
    expect(action).toHaveBeenCalledTimes(1);
    for (const [ms] of waits.mock.calls) expect(ms).toBeLessThan(2 ** 31);
  });

  it("lets work of several steps go on within a jump as it does without", async () => {
    const { clock } = clocks();
    const times: number[] = [];
    void (async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(clock, 10);
        times.push(clock.now() - START);
      }
    })();
    await clock.advance(30);
    expect(times).toEqual([10, 20, 30]);
  });
});

describe("a lab's clock after a restart", () => {
  const after = (seconds: number, stopped: boolean, speed: number): number => {
    const { clock } = clocks();
    clock.setSpeed(speed);
    const real = new VirtualClock(START + seconds * 1000);
    const next = new ScaledClock(real, clock.save(stopped));
    expect(next.speed).toBe(speed);
    return next.now() - START;
  };

  it("has gone on at its speed, if the lab was killed: nobody knows when", () => {
    expect(after(10, false, 60)).toBe(600_000);
    expect(after(10, false, 0)).toBe(0);
  });

  it("has gone on no faster than the machine's while the lab was stopped", () => {
    expect(after(10, true, 60)).toBe(10_000);
    expect(after(10, true, 0.5)).toBe(5_000);
    expect(after(10, true, 0)).toBe(0);
  });
});

describe("a clock that ends", () => {
  it("runs timers until then and none after, whenever they were set", async () => {
    const real = new VirtualClock(START);
    const clock = new EndingClock(real);
    const seen: string[] = [];
    clock.after(10, () => seen.push("before"));
    clock.after(15, () => seen.push("cancelled"))();
    clock.after(20, () => seen.push("after"));
    await real.advance(10);
    clock.end();
    clock.after(5, () => seen.push("too late"))();
    await real.advance(100);
    expect(seen).toEqual(["before"]);
    expect(clock.now()).toBe(START + 110);
  });
});
