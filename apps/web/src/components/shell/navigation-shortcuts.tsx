'use client';
// Owns the keys that lead to pages: `g` and a letter.
import { useRouter } from 'next/navigation';
import { useShortcut } from '@/lib/shortcuts';
import { type NavigationItem, navigation } from './navigation';

export function NavigationShortcuts() {
  return navigation
    .flatMap((group) => group.items)
    .map((item) => <NavigationShortcut key={item.id} item={item} />);
}

function NavigationShortcut({ item }: { item: NavigationItem }) {
  const router = useRouter();
  useShortcut(item.keys, item.shortcut, () => router.push(item.href));
  return null;
}
