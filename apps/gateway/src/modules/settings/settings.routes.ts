// Owns the admin API of settings, and what everybody may know of them.
import type { publicRoutes, SettingsAnswer, SettingSection, settingsRoutes } from '@crs/shared';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import type { Patch, Settings } from './settings.ts';

export function settingsHandlers({
  settings,
}: {
  readonly settings: Settings;
}): Handlers<typeof settingsRoutes> {
  const section = <Section extends SettingSection>(name: Section) => {
    const update = async (
      { body }: { body: Patch },
      context: AdminContext,
    ): Promise<SettingsAnswer<Section>> => {
      const { answer, before, after } = await settings.update(name, body, context.user.username);
      if (Object.keys(after).length > 0)
        context.audit('settings.update', { type: 'settings', id: name, name }, before, after);
      return answer;
    };
    return { get: () => settings.get(name), replace: update, update };
  };
  return {
    general: section('general'),
    branding: section('branding'),
    security: section('security'),
    retention: section('retention'),
    stickiness: section('stickiness'),
    'cool-downs': section('cool-downs'),
  };
}

export function publicHandlers({ settings }: { readonly settings: Settings }): Handlers<typeof publicRoutes> {
  return {
    branding: () => ({ ...settings.values('branding'), ...settings.values('general') }),
  };
}
