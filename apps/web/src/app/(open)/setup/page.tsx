// Owns the address of the setup guide.
import { SetupPage } from '@/features/setup/setup-page';

export default function Page() {
  return <SetupPage />;
}
