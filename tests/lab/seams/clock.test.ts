import fc from "fast-check";
import { realClock, seconds, sleep, VirtualClock } from "../../../lab/seams/clock";

describe("the virtual clock", () => {
  it("stands still until it is moved", async () => {
    const clock = new VirtualClock(1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(clock.now()).toBe(1_000);
    await clock.advance(500);
    expect(clock.now()).toBe(1_500);
  });

  it("runs timers in the order of their times, each at its own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { maxLength: 20 }), async (delays) => {
        const clock = new VirtualClock(0);
        const seen: number[] = [];
        for (const delay of delays) {
          clock.after(delay, () => {
            expect(clock.now()).toBe(delay);
            seen.push(delay);
          });
        }
        await clock.advance(1000);
        expect(seen).toEqual([...delays].sort((a, b) => a - b));
      }),
    );
  });

  it("runs timers of one time in the order in which they were set", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    for (const name of ["a", "b", "c"]) clock.after(10, () => seen.push(name));
    await clock.advance(10);
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("leaves what is not due", async () => {
    const clock = new VirtualClock(0);
    const action = jest.fn();
    clock.after(11, action);
    await clock.advance(10);
    expect(action).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it("runs timers that timers set, if they fall due too", async () => {
    const clock = new VirtualClock(0);
    const times: number[] = [];
    const again = (): void => {
      times.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    await clock.advance(35);
    expect(times).toEqual([10, 20, 30]);
  });

  it("does not run what was cancelled", async () => {
    const clock = new VirtualClock(0);
    const action = jest.fn();
    const cancel = clock.after(10, action);
    cancel();
    cancel();
    await clock.advance(20);
    expect(action).not.toHaveBeenCalled();
  });

  it("lets promises go on between two timers", async () => {
    const clock = new VirtualClock(0);
    const times: number[] = [];
    const work = (async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(clock, 10);
        times.push(clock.now());
      }
    })();
    await clock.advance(30);
    await work;
    expect(times).toEqual([10, 20, 30]);
  });
});

describe("the real clock", () => {
  it("is that of the machine", async () => {
    expect(Math.abs(realClock.now() - Date.now())).toBeLessThan(1000);
    await sleep(realClock, 1);
    const cancelled = jest.fn();
    realClock.after(0, cancelled)();
    await sleep(realClock, 5);
    expect(cancelled).not.toHaveBeenCalled();
  });
});

describe("seconds", () => {
  it("are whole", () => {
    expect(seconds(new VirtualClock(1_999))).toBe(1);
  });
});
