// Owns how the console is built: a static export under `/web` that the gateway serves as plain files.
import type { NextConfig } from 'next';

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
};

export default config;
