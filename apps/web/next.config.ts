// Owns how the console is built: a static export under `/web` that the gateway serves as plain files.
import { createRequire } from 'node:module';
import { relative, sep } from 'node:path';
import type { NextConfig } from 'next';

/**
 * Messages are parsed when they are built, and what writes them out leaves its parser at home: 9 kB less on every page.
 * The same as the library's own plugin does, which insists on a request of a server that a static export does not have.
 */
const precompiledMessages: NextConfig['turbopack'] = {
  rules: {
    '*.json': {
      loaders: [
        {
          loader: 'next-intl/extractor/catalogLoader',
          options: { messages: { format: 'json', precompile: true } },
        },
      ],
      condition: { path: './src/messages/**/*' },
      as: '*.js',
    },
  },
  resolveAlias: { 'use-intl/format-message': `./${formatterWithoutParser()}` },
};

/** The bundler takes a path from here with forward slashes, and no other form. */
function formatterWithoutParser(): string {
  const fromHere = createRequire(import.meta.url);
  const fromLibrary = createRequire(fromHere.resolve('next-intl'));
  const path = fromLibrary.resolve('use-intl/format-message/format-only');
  return relative(process.cwd(), path).split(sep).join('/');
}

const config: NextConfig = {
  output: 'export',
  basePath: '/web',
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  transpilePackages: ['@crs/shared'],
  devIndicators: false,
  turbopack: precompiledMessages,
};

export default config;
