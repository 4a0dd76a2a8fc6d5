/** Talks to the website channel. */

import type { Problem } from "./model";

const PATIENCE_MS = 30_000;

/** A request that failed; `status` is 0 when there was no answer at all. */
export class Failure extends Error {
  constructor(readonly problem: Problem, readonly status: number) {
    super(problem);
  }
}

export class Transport {
  constructor(private readonly server: string) {}

  about(): Promise<unknown> {
    return this.send("GET", "/about");
  }

  session(): Promise<unknown> {
    return this.send("POST", "/session");
  }

  end(token: string): Promise<unknown> {
    return this.send("DELETE", "/session", token);
  }

  message(token: string, message: string): Promise<unknown> {
    return this.send("POST", "/message", token, { message });
  }

  feedback(token: string, body: object): Promise<unknown> {
    return this.send("POST", "/feedback", token, body);
  }

  private async send(method: string, path: string, token = "", body?: object): Promise<unknown> {
    const headers: Record<string, string> = {};
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await fetch(this.server + path, {
        method,
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.ok) return response.status === 204 ? null : await response.json();
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      if (name === "SyntaxError") throw new Failure("broken", 200);
      throw new Failure(name === "TimeoutError" ? "slow" : navigator.onLine ? "unreachable" : "offline", 0);
    }
    throw new Failure(problemOf(response.status), response.status);
  }
}

function problemOf(status: number): Problem {
  if (status === 429) return "busy";
  if (status === 413) return "long";
  if (status === 403) return "refused";
  // What a proxy says while the server behind it is down or starting.
  return status === 502 || status === 503 || status === 504 ? "unreachable" : "broken";
}
