// Says early and plainly when the port is taken.
import { createServer } from 'node:net';
import { LaunchError } from './progress.ts';

export async function requireFreePort(host: string, port: number, command: string): Promise<void> {
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
  if (code === null) return;
  if (code === 'EADDRINUSE') {
    const other = port < 65_535 ? port + 1 : 3001;
    throw new LaunchError(`Port ${port} is taken. Choose another: PORT=${other} ${command}`);
  }
  throw new LaunchError(`Cannot listen on ${host} port ${port} (${code}). Check BIND_HOST and PORT.`);
}
