'use client';
// Owns the frame of pages for everybody: inside the console for whoever is signed in, else in a frame of their own.
import type { ReactNode } from 'react';
import { OpenGate } from '@/components/shell/open-gate';

export default function OpenLayout({ children }: { children: ReactNode }) {
  return <OpenGate>{children}</OpenGate>;
}
