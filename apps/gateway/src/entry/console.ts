// Owns the console as files: the static export below /web/, as it was built.
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { secure } from './security-headers.ts';

const PREFIX = '/web';
const NOT_FOUND_PAGE = '404.html';

/**
 * What a page may run stands in the page itself, with the hashes of its own scripts; a policy from here can only
 * narrow that. Being framed is what a page cannot forbid by itself.
 */
const PAGE_POLICY = "frame-ancestors 'none'";

/** `webRoot` is the folder of the export; a folder without one stops the start. */
export async function mountConsole(app: FastifyInstance, webRoot: string): Promise<void> {
  if (!['index.html', NOT_FOUND_PAGE].every((name) => existsSync(join(webRoot, name)))) {
    throw new Error(
      `WEB_ROOT: there is no exported console in ${webRoot}; build it, or leave WEB_ROOT empty`,
    );
  }
  await app.register(
    async (scope) => {
      secure(scope, PAGE_POLICY);
      await scope.register(files, {
        root: webRoot,
        prefix: '/',
        preCompressed: true,
        redirect: true,
        index: ['index.html'],
        cacheControl: false,
        setHeaders: (reply, path) => {
          reply.header('cache-control', cachingOf(path));
        },
      });
      scope.get('', (_request, reply) => reply.redirect(`${PREFIX}/`, 301));
      scope.setNotFoundHandler((_request, reply) => sendNotFoundPage(reply));
    },
    { prefix: PREFIX },
  );
}

/** Names below `_next/static` carry the hash of their content; everything else is asked for again, and rarely sent. */
function cachingOf(path: string): string {
  return path.includes(`${sep}_next${sep}static${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function sendNotFoundPage(reply: FastifyReply): FastifyReply {
  // Without validators: a 404 is never "not modified".
  return reply.code(404).sendFile(NOT_FOUND_PAGE, { etag: false, lastModified: false, acceptRanges: false });
}
