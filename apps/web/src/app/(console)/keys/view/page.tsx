// Owns the address of one key.
import { KeyViewPage } from '@/features/keys/key-view-page';

export default function Page() {
  return <KeyViewPage />;
}
