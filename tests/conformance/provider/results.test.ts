import { firstError, judge, resultOf, type TestEvent } from "./results";

const output = (test: string, text: string): TestEvent => ({
  Action: "output",
  Test: test,
  Output: text,
});

describe("the result of a package", () => {
  it("counts test functions, and names the innermost test that failed", () => {
    const result = resultOf(
      "fwprovider/access",
      ["TestAccA", "TestAccB", "TestAccC"],
      [
        { Action: "run", Test: "TestAccA" },
        { Action: "pass", Test: "TestAccA/one" },
        output("TestAccA/two", "    a_test.go:3: it broke\n"),
        { Action: "fail", Test: "TestAccA/two" },
        { Action: "fail", Test: "TestAccA" },
        { Action: "pass", Test: "TestAccB" },
        output("TestAccC", "    c_test.go:9: needs two nodes\n"),
        { Action: "skip", Test: "TestAccC" },
        { Action: "fail" },
      ],
    );
    expect(Object.fromEntries(result.outcomes)).toEqual({
      TestAccA: "failed",
      TestAccB: "passed",
      TestAccC: "skipped",
    });
    expect(result.failures).toEqual([
      { test: "TestAccA/two", error: "it broke" },
      { test: "TestAccC", error: "skipped: needs two nodes" },
    ]);
  });

  it("has failed where nothing was heard of a test, as after a crash", () => {
    const { outcomes, failures } = resultOf("fwprovider", ["TestAccA"], []);
    expect(outcomes.get("TestAccA")).toBe("failed");
    expect(failures).toEqual([{ test: "TestAccA", error: "did not end" }]);
  });

  it("counts a function with a skipped case as skipped", () => {
    const { outcomes } = resultOf(
      "fwprovider",
      ["TestAccA"],
      [
        { Action: "skip", Test: "TestAccA/one" },
        { Action: "pass", Test: "TestAccA/two" },
        { Action: "pass", Test: "TestAccA" },
      ],
    );
    expect(outcomes.get("TestAccA")).toBe("skipped");
  });
});

describe("the first error", () => {
  it("is OpenTofu's summary and detail, after the step", () => {
    const text = [
      "=== RUN   TestAccA\n",
      "    a_test.go:12: Step 1/4 error: Error running apply: exit status 1\n",
      "        \n        Error: Error creating realm\n        \n",
      "          with proxmox_realm_ldap.test,\n          on terraform.tf line 12, in resource:\n",
      '          12: \t\t\t\tresource "proxmox_realm_ldap" "test" {\n        \n',
      "        error creating realm: received an HTTP 501 response\n--- FAIL: TestAccA (1.0s)\n",
    ];
    expect(firstError(text)).toBe(
      "Step 1/4 error: Error running apply: exit status 1 Error: Error creating realm error creating realm: received an HTTP 501 response",
    );
  });

  it("is the assertion's text where no program ran", () => {
    const text = [
      "    a_test.go:9: \n        \tError Trace:\ta_test.go:9\n",
      "        \tError:      \tReceived unexpected error:\n        \t            \tno such group\n",
      "        \tTest:       \tTestAccA\n",
    ];
    expect(firstError(text)).toBe("Error: Received unexpected error: no such group");
  });

  it("is the panic where the test crashed", () => {
    expect(firstError(["goroutine 1\n", "panic: nil\n"])).toBe("panic: nil");
  });
});

describe("the verdict", () => {
  const result = resultOf(
    "fwprovider",
    ["TestAccA", "TestAccB"],
    [
      { Action: "fail", Test: "TestAccA" },
      { Action: "pass", Test: "TestAccB" },
    ],
  );
  const excuse = (test: string) => ({ package: "fwprovider", test, reason: "why" });

  it("excuses what is on the list, and nothing else", () => {
    expect(judge([result], []).unexcused).toEqual(["fwprovider TestAccA"]);
    expect(judge([result], [excuse("TestAccA")])).toEqual({
      unexcused: [],
      stale: [],
      tooMany: false,
    });
  });

  it("wants an exception gone that passes, if its package ran", () => {
    const list = [excuse("TestAccA"), excuse("TestAccB"), { ...excuse("TestAccC"), package: "x" }];
    expect(judge([result], list).stale).toEqual(["fwprovider TestAccB"]);
  });

  it("does not allow a sixth exception", () => {
    const list = Array.from({ length: 6 }, (_, index) => excuse(`TestAcc${index}`));
    expect(judge([result], list).tooMany).toBe(true);
  });
});
