'use client';
// Owns the frame of all pages behind the sign-in.
import type { ReactNode } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { SessionGate } from '@/components/shell/session-gate';

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <SessionGate>
      <AppShell>{children}</AppShell>
    </SessionGate>
  );
}
