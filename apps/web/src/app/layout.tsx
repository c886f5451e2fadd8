// Owns the document of every page: font, boot script, providers.
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { bootScript } from '@/lib/boot-script';
import { BASE_PATH } from '@/lib/paths';
import '@/styles/globals.css';
import { Providers } from './providers';

export const metadata: Metadata = {
  title: 'Claude Relay Service',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8f8f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0e0e10' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The boot script sets attributes before React sees them.
    <html lang="en" className={GeistSans.variable} suppressHydrationWarning>
      <head>
        {/* Not by Next's convention: it replaces the link at each navigation, and browsers then ask for /favicon.ico. */}
        <link rel="icon" href={`${BASE_PATH}/icon.svg`} type="image/svg+xml" sizes="any" />
        <script dangerouslySetInnerHTML={{ __html: bootScript }} />
      </head>
      <body>
        <div id="root">
          <Providers>{children}</Providers>
        </div>
        <noscript>{'The console needs JavaScript. 控制台需要启用 JavaScript。'}</noscript>
      </body>
    </html>
  );
}
