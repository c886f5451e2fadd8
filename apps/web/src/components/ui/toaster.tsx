'use client';
// Owns the area where notices appear. The drawing is a chunk of its own, loaded with the first notice.
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type Notice, onNotice } from './notify';

const ToasterCanvas = lazy(() => import('./toaster-canvas'));

export function Toaster() {
  const t = useTranslations('common');
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  useEffect(() => onNotice((notice) => setNotices((before) => [...before, notice])), []);
  if (notices.length === 0) return null;
  return (
    <Suspense>
      <ToasterCanvas notices={notices} label={t('notices')} />
    </Suspense>
  );
}
