// Owns what the reader chose about looks: language, density, sidebar. The theme belongs to next-themes.
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { type Locale, locales, pickLocale } from '@/i18n/locale';
import { preferredLocale } from './remembered-branding';

export const VIEW_STORAGE_KEY = 'crs-view';

export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

interface ViewState {
  /** The explicit choice; null follows the browser. */
  locale: Locale | null;
  density: Density;
  sidebarCollapsed: boolean;
  setLocale: (locale: Locale) => void;
  setDensity: (density: Density) => void;
  toggleSidebar: () => void;
}

export const useViewStore = create<ViewState>()(
  persist(
    (set) => ({
      locale: null,
      density: 'comfortable',
      sidebarCollapsed: false,
      setLocale: (locale) => set({ locale }),
      setDensity: (density) => {
        document.documentElement.dataset['density'] = density;
        set({ density });
      },
      toggleSidebar: () => set((state) => ({ sidebarCollapsed: !state.sidebarCollapsed })),
    }),
    {
      name: VIEW_STORAGE_KEY,
      storage: createJSONStorage(() => localStorage),
      partialize: ({ locale, density, sidebarCollapsed }) => ({ locale, density, sidebarCollapsed }),
    },
  ),
);

/** What is chosen in one window holds in all that are open. Answers how to stop. */
export function followOtherWindows(): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === VIEW_STORAGE_KEY) void useViewStore.persist.rehydrate();
  };
  window.addEventListener('storage', onStorage);
  return () => window.removeEventListener('storage', onStorage);
}

/** The language in use: the reader's choice, else the installation's, else the browser's. Browser only. */
export function useLocaleChoice(): Locale {
  const chosen = useViewStore((state) => state.locale);
  if (chosen !== null && locales.includes(chosen)) return chosen;
  return preferredLocale() ?? pickLocale(navigator.languages);
}
