import { createServer } from "node:http";
import type { ServerResponse } from "node:http";

// A child of line 8: a server that does nothing but write what its parent tells it to everybody who listens.

const listeners = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.write(": hello\n\n");
  listeners.add(response);
  response.once("close", () => listeners.delete(response));
});
process.on("message", (event: string) => {
  for (const listener of listeners) listener.write(event);
});
process.once("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address !== null ? address.port : null);
});
