import type { Endpoint } from "./endpoint";

interface Branch {
  literal: Map<string, Branch>;
  parameter?: { name: string; branch: Branch };
  /** A parameter that takes the rest of the path, slashes included, as volume names do. */
  rest?: { name: string; methods: Map<string, Endpoint> };
  methods: Map<string, Endpoint>;
}

export interface Match {
  endpoint: Endpoint;
  pathParams: Record<string, string>;
}

/** Names of path parameters whose values may hold slashes. */
const REST = ["volume", "cidr"];

/** Finds the endpoint of a path, which is percent-decoded once, as a whole. Literal parts win over parameters. */
export class Router {
  private readonly root = newBranch();

  constructor(endpoints: readonly Endpoint[]) {
    for (const endpoint of endpoints) this.add(endpoint);
  }

  find(method: string, path: string): Match | undefined {
    const decoded = decodePath(path)
      .split("/")
      .filter((part) => part !== "");
    const pathParams: Record<string, string> = {};
    let branch = this.root;
    for (const [index, part] of decoded.entries()) {
      const next = branch.literal.get(part);
      if (next) {
        branch = next;
      } else if (branch.rest) {
        pathParams[branch.rest.name] = decoded.slice(index).join("/");
        const endpoint = branch.rest.methods.get(method);
        return endpoint && { endpoint, pathParams };
      } else if (branch.parameter) {
        pathParams[branch.parameter.name] = part;
        branch = branch.parameter.branch;
      } else return undefined;
    }
    const endpoint = branch.methods.get(method);
    return endpoint && { endpoint, pathParams };
  }

  private add(endpoint: Endpoint): void {
    let branch = this.root;
    for (const part of endpoint.path.split("/").filter((entry) => entry !== "")) {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) {
        const next = branch.literal.get(part) ?? newBranch();
        branch.literal.set(part, next);
        branch = next;
      } else if (REST.includes(name)) {
        branch.rest ??= { name, methods: new Map() };
        branch.rest.methods.set(endpoint.method, endpoint);
        return;
      } else {
        branch.parameter ??= { name, branch: newBranch() };
        branch = branch.parameter.branch;
      }
    }
    branch.methods.set(endpoint.method, endpoint);
  }
}

/** What is no percent-encoding stays as it is. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function newBranch(): Branch {
  return { literal: new Map(), methods: new Map() };
}
