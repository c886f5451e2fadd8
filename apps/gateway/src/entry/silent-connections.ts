// Owns the connections on which nothing was ever asked: to Node they are busy, and would hold up the end of the server.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Answers a function that ends them; whatever has asked something is left to finish. */
export function watchSilentConnections(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}
