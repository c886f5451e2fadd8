// Owns the address of the settings.
import { SettingsPage } from '@/features/settings/settings-page';

export default function Page() {
  return <SettingsPage />;
}
