'use client';
// Owns the list of keyboard shortcuts that work on the present page; a chunk of its own.
import { useTranslations } from 'next-intl';
import { useShortcuts } from '@/lib/shortcuts';
import { Dialog } from '../ui/dialog';

export default function ShortcutList({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shell');
  const shortcuts = useShortcuts();
  return (
    <Dialog open onOpenChange={onClose} title={t('shortcutsTitle')} description={t('shortcutsHelp')}>
      <dl className="-my-1">
        {shortcuts.map(({ keys, name }) => (
          <div
            key={keys}
            className="flex min-h-9 items-center justify-between gap-4 border-line border-b last:border-b-0"
          >
            <dt className="text-sm">{t(`shortcuts.${name}`)}</dt>
            <dd className="flex gap-1">
              {keys.split(' ').map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-[4px] border border-line-strong bg-sunken px-1.5 text-center font-sans text-xs leading-5"
                >
                  {key === 'mod+k' ? 'Ctrl / ⌘ K' : key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
