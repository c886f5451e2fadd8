// Owns the address of the upstream accounts.
import { AccountsPage } from '@/features/accounts/accounts-page';

export default function Page() {
  return <AccountsPage />;
}
