// Owns the address of one account.
import { AccountViewPage } from '@/features/accounts/account-view-page';

export default function Page() {
  return <AccountViewPage />;
}
