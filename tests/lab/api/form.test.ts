import { formParameters, jsonParameters } from "../../../lab/api/form";

const read = (text: string) => formParameters(new URLSearchParams(text));

describe("a form", () => {
  it("is decoded once", () => {
    expect(read("sshkeys=ssh-ed25519%2520AAAA&tags=a%3Bb&name=a+b")).toEqual({
      sshkeys: "ssh-ed25519%20AAAA",
      tags: "a;b",
      name: "a b",
    });
  });

  it("keeps a key that is set to nothing", () => {
    expect(read("comment=&onboot=1")).toEqual({ comment: "", onboot: "1" });
  });

  it("makes a list of a repeated key, in order", () => {
    expect(read("delete=net1&memory=512&delete=mp0&delete=mp1")).toEqual({
      delete: ["net1", "mp0", "mp1"],
      memory: "512",
    });
  });
});

describe("a JSON body", () => {
  it("says the same as a form", () => {
    expect(jsonParameters({ onboot: true, protection: false, cores: 2, name: "a" })).toEqual({
      onboot: "1",
      protection: "0",
      cores: "2",
      name: "a",
    });
    expect(jsonParameters({ delete: ["net1", "mp0"] })).toEqual({ delete: ["net1", "mp0"] });
  });
});
