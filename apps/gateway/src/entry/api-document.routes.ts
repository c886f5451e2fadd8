// Owns the addresses of the API document and of the page that shows it. The page comes whole from this origin, and its
// policy lets the browser ask nobody else.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { API_PREFIX, type RouteTree } from '@crs/shared';
import fastify, { type FastifyInstance } from 'fastify';
import { buildApiDocument } from './openapi.ts';

const DOCUMENT = '/openapi.json';
const PAGE = '/docs';
const PAGE_SLASH = '/docs/';
const VIEWER = '/docs/viewer.js';

/** Below the API's prefix, beside the contract's own. */
export const documentAddresses: readonly string[] = [DOCUMENT, PAGE, PAGE_SLASH, VIEWER];

const viewerOptions = {
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  documentDownloadType: 'json',
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <title>API · Claude Relay Service</title>
  </head>
  <body>
    <script id="api-reference" data-url="${API_PREFIX}${DOCUMENT}" data-configuration="${attribute(viewerOptions)}"></script>
    <script src="${API_PREFIX}${VIEWER}"></script>
  </body>
</html>
`;

function attribute(value: object): string {
  return JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

/** The viewer writes its styles into the page; scripts, figures and fonts come from here or not at all. */
const VIEWER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** For the scope at the API's prefix. */
export function mountApiDocument(scope: FastifyInstance, tree: RouteTree, version: string): void {
  let document: string | undefined;
  scope.get(DOCUMENT, (_request, reply) => {
    document ??= JSON.stringify(buildApiDocument(tree, version));
    return reply.type('application/json; charset=utf-8').send(document);
  });

  for (const address of [PAGE, PAGE_SLASH]) {
    scope.get(address, (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('content-security-policy', VIEWER_POLICY).send(page),
    );
  }

  let viewer: Promise<Viewer> | undefined;
  scope.get(VIEWER, async (request, reply) => {
    viewer ??= loadViewer();
    const { plain, zipped } = await viewer;
    const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (takesGzip) reply.header('content-encoding', 'gzip');
    return reply
      .headers({ vary: 'accept-encoding', 'cache-control': 'private, max-age=86400' })
      .type('text/javascript; charset=utf-8')
      .send(takesGzip ? zipped : plain);
  });
}

interface Viewer {
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

/**
 * The viewer's package hands its script only to a server that it is registered on, and weighs megabytes: it is loaded
 * when somebody first opens the page, on a server of its own that listens nowhere.
 */
async function loadViewer(): Promise<Viewer> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const shelf = fastify();
  await shelf.register(reference, { routePrefix: '/viewer', configuration: { url: DOCUMENT } });
  const { rawPayload: plain } = await shelf.inject('/viewer/js/scalar.js');
  await shelf.close();
  return { plain, zipped: await promisify(gzip)(plain) };
}
