// Owns the address of the keys.
import { KeysPage } from '@/features/keys/keys-page';

export default function Page() {
  return <KeysPage />;
}
