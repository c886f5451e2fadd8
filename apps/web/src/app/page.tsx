'use client';
// Owns the console's root: it leads to the dashboard, or to the sign-in form when nobody is signed in.
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { paths } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { SessionGate } from '@/components/shell/session-gate';

export default function Home() {
  const router = useRouter();
  const { data } = useSession();
  useEffect(() => {
    if (data !== undefined) router.replace(paths.dashboard);
  }, [data, router]);
  return <SessionGate>{null}</SessionGate>;
}
