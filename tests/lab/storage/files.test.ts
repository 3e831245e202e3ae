import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { multipartParameters } from "../../../lab/api/multipart";
import { apiApplication } from "../../../lab/api/server";
import type { ReceivedFile } from "../../../lab/storage/received";
import { GIB } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

type Row = Record<string, unknown>;
const LOCAL = "/nodes/pve01/storage/local";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const content = (kind: string) =>
  lab.data<Row[]>("pve01", "GET", `${LOCAL}/content?content=${kind}`);
const lastLog = () => lab.site.nodeState("pve01").tasks.at(-1)?.log ?? [];

/** A form as curl sends it, in pieces of `size` bytes. */
function form(parts: [string, string][], file: string, name: string, size: number) {
  const boundary = "----b0undary";
  const fields = parts.map(
    ([key, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  );
  const last = `--${boundary}\r\nContent-Disposition: form-data; name="filename"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n${file}\r\n--${boundary}--\r\n`;
  const bytes = Buffer.from(fields.join("") + last, "latin1");
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size)
        controller.enqueue(bytes.subarray(at, at + size));
      controller.close();
    },
  });
  return { stream, type: `multipart/form-data; boundary=${boundary}` };
}

async function upload(parts: [string, string][], file: string, name: string, params: Params = {}) {
  const { stream, type } = form(parts, file, name, 1000);
  const store = (temporary: string, received: ReceivedFile) =>
    lab.site.uploads.set(temporary, received);
  const sent = await multipartParameters(stream, type, store);
  return lab.task("pve01", "POST", `${LOCAL}/upload`, { ...(sent as Params), ...params });
}

describe("a form with a file", () => {
  it.each([1, 7, 64, 10_000])("is read in pieces of %i bytes", async (size) => {
    const body = "first\r\n--not the boundary\r\nlast";
    const { stream, type } = form(
      [
        ["content", "iso"],
        ["checksum-algorithm", "md5"],
      ],
      body,
      "a.iso",
      size,
    );
    const files: ReceivedFile[] = [];
    const parameters = await multipartParameters(stream, type, (_name, file) => files.push(file));
    expect(parameters).toEqual({
      content: "iso",
      "checksum-algorithm": "md5",
      filename: "a.iso",
      tmpfilename: expect.stringMatching(/^\/var\/tmp\/pveupload-[0-9a-f]{32}$/),
    });
    expect(files[0]).toMatchObject({
      size: body.length,
      checksum: createHash("md5").update(body).digest("hex"),
    });
    expect(files[0]?.head.toString()).toBe(body);
  });
});

describe("an upload", () => {
  it("becomes a file of the storage", async () => {
    expect(await upload([["content", "iso"]], "12345", "C:\\images\\a b.iso")).toBe("OK");
    expect(await content("iso")).toMatchObject([
      { volid: "local:iso/a_b.iso", size: 5, format: "iso" },
    ]);
    expect(lastLog()).toContain("target file: /var/lib/vz/template/iso/a_b.iso");
    expect(lastLog()).toContain("file size is: 5");
    expect(lab.site.nodeState("pve01").tasks.at(-1)?.type).toBe("imgcopy");
  });

  it("takes the place of a file with its name", async () => {
    await upload([["content", "iso"]], "1", "a.iso");
    await upload([["content", "iso"]], "22", "a.iso");
    expect(await content("iso")).toMatchObject([{ size: 2 }]);
  });

  it("is compared with its checksum", async () => {
    const fields = (checksum: string): [string, string][] => [
      ["content", "iso"],
      ["checksum-algorithm", "sha256"],
      ["checksum", checksum],
    ];
    expect(await upload(fields("00"), "x", "a.iso")).toBe(
      `checksum mismatch: got '${sha256("x")}' != expect '00'`,
    );
    expect(await content("iso")).toEqual([]);
    expect(await upload(fields(sha256("x").toUpperCase()), "x", "a.iso")).toBe("OK");
    expect(lastLog()).toContain("calculating checksum...OK, checksum verified");
  });

  it.each([
    [{ filename: "a.exe" }, "iso", { filename: "wrong file extension" }],
    [{ filename: "a.iso" }, "vztmpl", { filename: "wrong file extension" }],
    [{ filename: "a.iso" }, "import", { filename: "invalid filename or wrong extension" }],
  ])("is not %j as %s", async (params, kind, errors) => {
    lab.site.uploads.set("/var/tmp/pveupload-1", { size: 1, head: Buffer.alloc(0) });
    const tmpfilename = "/var/tmp/pveupload-1";
    const answer = await lab.api("pve01", "POST", `${LOCAL}/upload`, {
      content: kind,
      tmpfilename,
      ...params,
    });
    expect(answer).toMatchObject({ status: 400, errors });
  });

  it.each([
    ["local-lvm", "can't upload to storage type 'lvmthin'"],
    ["s1", "storage 's1' does not support 'iso' content"],
    ["s9", "storage 's9' does not exist"],
  ])("is not for %s", async (storage, words) => {
    await lab.data("pve01", "POST", "/storage", {
      storage: "s1",
      type: "dir",
      path: "/s",
      content: "images",
    });
    lab.site.uploads.set("/var/tmp/pveupload-1", { size: 1, head: Buffer.alloc(0) });
    const params = { content: "iso", filename: "a.iso", tmpfilename: "/var/tmp/pveupload-1" };
    expect(
      (await lab.api("pve01", "POST", `/nodes/pve01/storage/${storage}/upload`, params)).reason,
    ).toBe(words);
  });

  it("needs a file", async () => {
    const params = { content: "iso", filename: "a.iso" };
    expect((await lab.api("pve01", "POST", `${LOCAL}/upload`, params)).reason).toBe(
      "missing temporary file name",
    );
    const other = { ...params, tmpfilename: "/var/tmp/pveupload-ff" };
    expect((await lab.api("pve01", "POST", `${LOCAL}/upload`, other)).reason).toBe(
      "temporary file '/var/tmp/pveupload-ff' does not exist",
    );
  });

  it("fails when the storage is full", async () => {
    lab.site.storages
      .volumes("pve01", "local")
      .push({ name: "iso/b.iso", content: "iso", format: "iso", size: 92 * GIB, ctime: 1 });
    expect(await upload([["content", "iso"]], "x", "a.iso")).toBe(
      "import failed: No space left on device",
    );
  });

  it("as a disk to import is what its name says", async () => {
    expect(await upload([["content", "import"]], "x", "a.qcow2")).toBe(
      "failed to verify file: failed to query file information with qemu-img",
    );
    const header = Buffer.alloc(104);
    header.write("QFI\xfb", "latin1");
    header.writeBigUInt64BE(BigInt(2 * GIB), 24);
    expect(await upload([["content", "import"]], header.toString("latin1"), "a.qcow2")).toBe("OK");
    expect(await lab.data("pve01", "GET", `${LOCAL}/content/local:import%2Fa.qcow2`)).toMatchObject(
      { format: "qcow2", size: 2 * GIB },
    );
    const disk = { vmid: 100, scsi0: "local-lvm:0,import-from=local:import/a.qcow2" };
    await lab.task("pve01", "POST", "/nodes/pve01/qemu", disk);
    expect(await lab.data("pve01", "GET", "/nodes/pve01/qemu/100/config")).toMatchObject({
      scsi0: "local-lvm:vm-100-disk-0,size=2G",
    });
  });
});

describe("a download", () => {
  let server: Server;
  let base = "";
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      const path = new URL(incoming.url ?? "/", "http://x").pathname;
      const headers = { "content-type": "text/plain; charset=utf-8", "content-length": 3 };
      if (path === "/gone.iso") response.writeHead(404).end();
      else if (path === "/named") {
        response.writeHead(200, {
          ...headers,
          "content-disposition": 'attachment; filename="n.iso"',
        });
        response.end(incoming.method === "HEAD" ? undefined : "asd");
      } else response.writeHead(200, headers).end(incoming.method === "HEAD" ? undefined : "asd");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const fetch_ = (params: Params) =>
    lab.task("pve01", "POST", `${LOCAL}/download-url`, {
      content: "iso",
      filename: "a.iso",
      ...params,
    });
  const metadata = (url: string) =>
    lab.api("pve01", "GET", `/nodes/pve01/query-url-metadata?url=${encodeURIComponent(url)}`);

  it("fetches what this machine serves", async () => {
    expect(
      await fetch_({
        url: `${base}/a.iso`,
        checksum: sha256("asd"),
        "checksum-algorithm": "sha256",
      }),
    ).toBe("OK");
    expect(await content("iso")).toMatchObject([{ volid: "local:iso/a.iso", size: 3 }]);
    const [task] = lab.site.nodeState("pve01").tasks.slice(-1);
    expect([task?.type, task?.id]).toEqual(["download", "a.iso"]);
    expect(task?.log).toEqual([
      `downloading ${base}/a.iso to /var/lib/vz/template/iso/a.iso`,
      "calculating checksum...OK, checksum verified",
      `download of '${base}/a.iso' to '/var/lib/vz/template/iso/a.iso' finished`,
      "TASK OK",
    ]);
  });

  it("fails on a wrong checksum, and leaves nothing", async () => {
    const end = await fetch_({ url: `${base}/a.iso`, checksum: "00", "checksum-algorithm": "md5" });
    expect(end).toMatch(/^checksum mismatch: got '[0-9a-f]{32}' != expect '00'$/);
    expect(await content("iso")).toEqual([]);
  });

  it("overrides nothing, and is done with a file that is right already", async () => {
    const url = `${base}/a.iso`;
    const checked = { url, checksum: sha256("asd"), "checksum-algorithm": "sha256" };
    await fetch_(checked);
    expect(await fetch_({ url })).toBe(
      "refusing to override existing file '/var/lib/vz/template/iso/a.iso'",
    );
    expect(await fetch_(checked)).toBe("OK");
    expect(await fetch_({ ...checked, checksum: "00" })).toMatch(
      /^checksum mismatch: .*, aborting$/,
    );
  });

  it.each([
    ["/gone.iso", "download failed: exit code 8"],
    ["http://example.com/a.iso", "download failed: exit code 4"],
  ])("of %s fails", async (where, words) => {
    expect(await fetch_({ url: where.startsWith("/") ? base + where : where })).toBe(words);
  });

  it("knows some files of the internet", async () => {
    const url = "http://download.proxmox.com/images/system/debian-13-standard_13.1-2_amd64.tar.zst";
    const params = { content: "vztmpl", filename: "debian-13-standard_13.1-2_amd64.tar.zst", url };
    expect(await fetch_(params)).toBe("OK");
    expect(await content("vztmpl")).toMatchObject([{ format: "tzst", size: 123 * 1024 ** 2 }]);
    expect((await metadata(url)).data).toMatchObject({ size: 123 * 1024 ** 2 });
  });

  it("decompresses images only", async () => {
    const params = {
      content: "vztmpl",
      filename: "a.tar",
      url: `${base}/a.tar`,
      compression: "gz",
    };
    expect(await fetch_(params)).toBe("decompression not supported for vztmpl");
  });

  it("can be asked about before", async () => {
    expect((await metadata(`${base}/x/a.iso?y=1`)).data).toEqual({
      filename: "a.iso",
      mimetype: "text/plain",
      size: 3,
    });
    expect((await metadata(`${base}/named`)).data).toMatchObject({ filename: "n.iso" });
    expect((await metadata(`${base}/gone.iso`)).reason).toBe(
      "invalid server response: '404 Not Found'",
    );
    expect((await metadata("https://example.com/a.iso")).reason).toBe(
      "invalid server response: '500 Can't connect to example.com:443 (Name or service not known)'",
    );
  });
});

describe("exports of a server", () => {
  const scan = (server: string) =>
    lab.api("pve01", "GET", `/nodes/pve01/scan/nfs?server=${server}`);

  it("are listed while it answers", async () => {
    expect((await scan("192.168.18.200")).data).toEqual([
      { path: "/backup/pve-backup", options: "*" },
      { path: "/backup/pve-data", options: "*" },
    ]);
    lab.site.hardware.switchPower("nas", false);
    expect((await scan("192.168.18.200")).reason).toBe(
      "command '/sbin/showmount --no-headers --exports 192.168.18.200' failed: exit code 1",
    );
    expect((await scan("elsewhere")).reason).toBe(
      "unable to resolve address for server 'elsewhere'",
    );
  });
});

describe("an upload over the web", () => {
  it("is a form whose file comes last", async () => {
    const form = new FormData();
    form.set("content", "iso");
    form.set("filename", new Blob(["12345"]), "a.iso");
    const { cookie = "", csrf = "" } = lab.ticket("pve01");
    const request = {
      method: "POST",
      headers: { cookie, csrfpreventiontoken: csrf },
      body: form,
    };
    const app = apiApplication(lab.site, "pve01");
    const send = () =>
      lab.settle(
        Promise.resolve(
          app.request(`https://pve01:8006/api2/json${LOCAL}/upload`, request, {
            outgoing: {},
          } as never),
        ),
      );
    const answer = await send();
    expect(answer.status).toBe(200);
    expect(await content("iso")).toMatchObject([{ volid: "local:iso/a.iso", size: 5 }]);
    form.set("content", "backup");
    expect((await send()).status).toBe(400);
    expect(lab.site.uploads.size).toBe(0);
  });
});
