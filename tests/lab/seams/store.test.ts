import { readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStore, MemoryStore } from "../../../lab/seams/store";

jest.mock("node:fs/promises", () => {
  const actual = jest.requireActual<Pick<typeof fs, "rename">>("node:fs/promises");
  return { ...actual, rename: jest.fn(actual.rename) };
});

interface State {
  count: number;
}

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), "store-"));
  path = join(folder, "state.json");
});
afterEach(async () => {
  await fs.rm(folder, { recursive: true, force: true });
});

const onDisk = () => FileStore.read<State>(path);

async function changed(store: FileStore<State>, count: number): Promise<void> {
  store.state.count = count;
  store.touch();
  await store.flush();
}

describe("a state on disk", () => {
  it("is not there before it is saved", async () => {
    expect(await onDisk()).toBeUndefined();
  });

  it("comes back as it was saved", async () => {
    const state = { count: 1, texts: ["ä\n", ""], nested: { a: { b: true } } };
    const store = new FileStore(state, path);
    store.touch();
    await store.flush();
    expect(await onDisk()).toEqual(state);
  });

  it("is there when the change is acknowledged", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    for (const count of [1, 2, 3]) {
      await changed(store, count);
      expect(await onDisk()).toEqual({ count });
    }
  });

  it("is written for changes only", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    await store.flush();
    expect(await onDisk()).toBeUndefined();
  });

  it("stays there when the machine loses power: file and folder are on disk before", async () => {
    const order: string[] = [];
    const probe = await fs.open(folder, "r");
    const handles = Object.getPrototypeOf(probe) as fs.FileHandle;
    await probe.close();
    jest.spyOn(handles, "sync").mockImplementation(async function (this: fs.FileHandle) {
      order.push((await this.stat()).isDirectory() ? "folder" : "file");
    });
    jest.mocked(fs.rename).mockImplementationOnce(async (from, to) => {
      order.push("name");
      await fs.link(from, to);
    });
    await changed(new FileStore<State>({ count: 0 }, path), 1);
    jest.restoreAllMocks();
    expect(order).toEqual(["file", "name", "folder"]);
  });

  it("is its owner's alone", async () => {
    const deep = join(folder, "new", "state.json");
    const store = new FileStore<State>({ count: 0 }, deep);
    await changed(store, 1);
    expect((await fs.stat(deep)).mode & 0o777).toBe(0o600);
    expect((await fs.stat(join(folder, "new"))).mode & 0o777).toBe(0o700);
  });

  it("holds every change that was acknowledged, however many come at once", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        store.state.count++;
        const own = store.state.count;
        store.touch();
        await store.flush();
        expect((await onDisk())?.count).toBeGreaterThanOrEqual(own);
      }),
    );
    expect(await onDisk()).toEqual({ count: 50 });
  });

  it("takes changes that come while it is written into the next write", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    store.state.count = 1;
    store.touch();
    const first = store.flush();
    store.state.count = 2;
    store.touch();
    await Promise.all([first, store.flush()]);
    expect(await onDisk()).toEqual({ count: 2 });
  });

  it("is told to be unreadable rather than taken for new", async () => {
    await fs.writeFile(path, '{"count": 1');
    await expect(onDisk()).rejects.toThrow(SyntaxError);
    await expect(FileStore.read(folder)).rejects.toThrow(/EISDIR/);
  });
});

describe("a write that does not come to its end", () => {
  it("leaves the state before it, and the next one succeeds", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    await changed(store, 1);
    // What a kill between write and rename leaves, half a file in the worst case.
    await fs.writeFile(`${path}.new`, '{"count": 9');
    expect(await onDisk()).toEqual({ count: 1 });
    await changed(new FileStore<State>({ count: 1 }, path), 2);
    expect(await onDisk()).toEqual({ count: 2 });
    expect(await fs.readdir(folder)).toEqual(["state.json"]);
  });

  it("has not touched the good file before it is whole, even when it is cut off just then", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    await changed(store, 1);
    jest.mocked(fs.rename).mockRejectedValueOnce(new Error("cut off"));
    await expect(changed(store, 2)).rejects.toThrow("cut off");
    expect(await onDisk()).toEqual({ count: 1 });
    expect(await FileStore.read<State>(`${path}.new`)).toEqual({ count: 2 });
    await changed(new FileStore<State>({ count: 1 }, path), 3);
    expect(await onDisk()).toEqual({ count: 3 });
  });

  it("is an error for whoever made the change, and the change is saved by the next", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    await changed(store, 1);
    await fs.mkdir(`${path}.new`);
    await expect(changed(store, 2)).rejects.toThrow();
    expect(await onDisk()).toEqual({ count: 1 });
    await fs.rmdir(`${path}.new`);
    await store.flush();
    expect(await onDisk()).toEqual({ count: 2 });
  });

  it("never shows half a state to a reader", async () => {
    const store = new FileStore({ count: 0, filler: "x".repeat(500_000) }, path);
    store.touch();
    await store.flush();
    let done = false;
    const writing = (async () => {
      for (let count = 1; count <= 20; count++) {
        store.state.count = count;
        store.touch();
        await store.flush();
      }
      done = true;
    })();
    let reads = 0;
    while (!done) {
      const text = readFileSync(path, "utf8");
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      reads++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    expect(reads).toBeGreaterThan(0);
  });
});

describe("a state in whose place another comes", () => {
  it("is on disk as it was acknowledged, and is neither written nor acknowledged after", async () => {
    const store = new FileStore<State>({ count: 0 }, path);
    store.state.count = 1;
    store.touch();
    const under = store.flush();
    await store.close();
    await under;
    expect(await onDisk()).toEqual({ count: 1 });
    const acknowledged = jest.fn();
    void changed(store, 2).then(acknowledged);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await onDisk()).toEqual({ count: 1 });
    expect(acknowledged).not.toHaveBeenCalled();
  });
});

describe("a state in memory", () => {
  it("is the one that it was given, and saves nothing", async () => {
    const state = { count: 1 };
    const store = new MemoryStore(state);
    store.touch();
    await store.flush();
    expect(store.state).toBe(state);
    expect(await fs.readdir(folder)).toEqual([]);
  });
});
