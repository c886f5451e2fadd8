// Owns the address of the relayed requests.
import { RequestsPage } from '@/features/requests/requests-page';

export default function Page() {
  return <RequestsPage />;
}
