// Owns the map of the console: which pages there are, in which group, under which keys.
import {
  ArrowRightLeft,
  BookOpen,
  Boxes,
  ChartColumn,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
  Server,
  Settings,
  Tags,
} from 'lucide-react';
import { paths } from '@/lib/paths';
import type { ShortcutName } from '@/lib/shortcuts';

export type PageId =
  | 'dashboard'
  | 'keys'
  | 'accounts'
  | 'groups'
  | 'pricing'
  | 'usage'
  | 'requests'
  | 'audit'
  | 'settings'
  | 'setup';
export type GroupId = 'overview' | 'access' | 'upstream' | 'insight' | 'system';

export interface NavigationItem {
  id: PageId;
  href: string;
  icon: LucideIcon;
  keys: string;
  shortcut: ShortcutName;
}

export interface NavigationGroup {
  id: GroupId;
  items: readonly NavigationItem[];
}

export const navigation: readonly NavigationGroup[] = [
  {
    id: 'overview',
    items: [
      { id: 'dashboard', href: paths.dashboard, icon: LayoutDashboard, keys: 'g d', shortcut: 'goDashboard' },
    ],
  },
  {
    id: 'access',
    items: [{ id: 'keys', href: paths.keys, icon: KeyRound, keys: 'g k', shortcut: 'goKeys' }],
  },
  {
    id: 'upstream',
    items: [
      { id: 'accounts', href: paths.accounts, icon: Server, keys: 'g a', shortcut: 'goAccounts' },
      { id: 'groups', href: paths.groups, icon: Boxes, keys: 'g g', shortcut: 'goGroups' },
      { id: 'pricing', href: paths.pricing, icon: Tags, keys: 'g p', shortcut: 'goPricing' },
    ],
  },
  {
    id: 'insight',
    items: [
      { id: 'usage', href: paths.usage, icon: ChartColumn, keys: 'g u', shortcut: 'goUsage' },
      { id: 'requests', href: paths.requests, icon: ArrowRightLeft, keys: 'g r', shortcut: 'goRequests' },
      { id: 'audit', href: paths.audit, icon: ScrollText, keys: 'g l', shortcut: 'goAudit' },
    ],
  },
  {
    id: 'system',
    items: [
      { id: 'settings', href: paths.settings, icon: Settings, keys: 'g s', shortcut: 'goSettings' },
      { id: 'setup', href: paths.setup, icon: BookOpen, keys: 'g h', shortcut: 'goSetup' },
    ],
  },
];

/** Group and page of an address; null outside of the map. */
export function locate(pathname: string): { group: GroupId; page: PageId } | null {
  for (const group of navigation) {
    for (const item of group.items) {
      if (pathname === item.href || pathname.startsWith(item.href)) return { group: group.id, page: item.id };
    }
  }
  return null;
}
