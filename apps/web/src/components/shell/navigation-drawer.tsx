'use client';
// Owns the navigation on phones; a chunk of its own.
import { useTranslations } from 'next-intl';
import { Drawer } from '../ui/dialog';
import { Brand, NavigationList } from './sidebar';

export default function NavigationDrawer({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shell');
  return (
    <Drawer open onOpenChange={onClose} label={t('mainNavigation')}>
      <Brand />
      <NavigationList onNavigate={onClose} />
    </Drawer>
  );
}
