// Owns the address of the page on which a key tells its own state.
import { KeyStatusPage } from '@/features/key-status/key-status-page';

export default function Page() {
  return <KeyStatusPage />;
}
